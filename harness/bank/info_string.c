#include "bank/info_string.h"

#include <string.h>

static const gchar *const session_words[] = {
    "pycon",   "pycon3", "python-repl", "python-console", "pythonconsole",  "pyrepl",  "py-repl",
    "doctest", "pytb",   "ipython",     "ipython3",       "python-session", "pyshell", NULL,
};

static const gchar *const plain_words[] = {
    "text",    "txt",  "plain",  "plaintext", "plain-text",  "output", "out",
    "console", "none", "stdout", "result",    "nohighlight", NULL,
};

static gboolean is_word_byte(gchar byte) {
  return g_ascii_isalnum(byte) || strchr("_-+#.", byte) != NULL || (guchar)byte >= 0x80;
}

/* The next word that begins in a stretch, in lower case; NULL for none. */
static gchar *next_word(const gchar **at, const gchar *end) {
  const gchar *start = *at;
  while (start < end && !is_word_byte(*start))
    start++;
  const gchar *stop = start;
  while (stop < end && is_word_byte(*stop))
    stop++;
  *at = stop;
  return start < stop ? g_ascii_strdown(start, stop - start) : NULL;
}

/* "{.python .numberLines}": the first class; "{python, echo=FALSE}": the first
 * word; "{code-cell} python": the word behind. */
static gchar *language_of_attributes(const gchar *info) {
  const gchar *end = strchr(info, '}');
  const gchar *rest = end != NULL ? end + 1 : NULL;
  const gchar *at = info + 1;
  if (end == NULL)
    end = info + strlen(info);

  g_autofree gchar *first = NULL;
  for (gchar *word; (word = next_word(&at, end)) != NULL; g_free(word)) {
    if (word[0] == '.' && word[1] != '\0') {
      memmove(word, word + 1, strlen(word));
      return word;
    }
    if (first == NULL && word[0] != '#')
      first = g_strdup(word);
  }
  if (rest != NULL && first != NULL && g_str_has_prefix(first, "code")) {
    gchar *behind = next_word(&rest, rest + strlen(rest));
    if (behind != NULL)
      return behind;
  }
  return g_steal_pointer(&first);
}

/* "python", "py" and any version behind: "python3.11", "py3". */
static gboolean is_python_word(const gchar *word) {
  const gchar *version = g_str_has_prefix(word, "python") ? word + 6
                         : g_str_has_prefix(word, "py")   ? word + 2
                                                          : NULL;
  if (version == NULL)
    return FALSE;
  if (*version == '-' && g_ascii_isdigit(version[1]))
    version++;
  return version[strspn(version, "0123456789.")] == '\0';
}

InfoKind info_string_kind(const gchar *info) {
  if (info == NULL)
    return INFO_PLAIN;
  info += strspn(info, " \t");
  if (*info == '\0')
    return INFO_PLAIN;

  g_autofree gchar *word = NULL;
  if (*info == '{') {
    word = language_of_attributes(info);
  } else {
    gsize length = 0;
    while (info[length] != '\0' && is_word_byte(info[length]))
      length++;
    word = g_ascii_strdown(info[0] == '.' ? info + 1 : info,
                           (gssize)(info[0] == '.' ? length - 1 : length));
  }
  if (word == NULL || *word == '\0')
    return INFO_OTHER;
  if (is_python_word(word))
    return INFO_PYTHON;
  if (g_strv_contains(session_words, word))
    return INFO_SESSION;
  return g_strv_contains(plain_words, word) ? INFO_PLAIN : INFO_OTHER;
}
