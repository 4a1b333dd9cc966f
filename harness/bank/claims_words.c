/* The words that comments are made of: labels, hedges, exceptions. All lists of
 * words are in strcmp() order. */
#include <string.h>

#include "bank/claims_comment.h"
#include "bank/word_set.h"

static gboolean is_word_char(gchar character) {
  return g_ascii_isalnum(character) || character == '_' || character == '\'' ||
         (guchar)character >= 0x80;
}

static gboolean word_is(const gchar *at, gsize length, const gchar *word) {
  return length > 0 && (at[0] | 0x20) == (word[0] | 0x20) && strlen(word) == length &&
         g_ascii_strncasecmp(at, word, length) == 0;
}

#define WORD_IN(at, length, list)                                                                  \
  (word_list_find((list), G_N_ELEMENTS(list), (at), (length), TRUE) >= 0)

/* The next word of text at or after *at; 0 at the end. */
static gsize word_next(const gchar *end, const gchar **at) {
  while (*at < end && !is_word_char(**at))
    (*at)++;
  const gchar *begin = *at;
  while (begin < end && is_word_char(*begin))
    begin++;
  return (gsize)(begin - *at);
}

gchar *hedge_find(const gchar *text, gsize size, gboolean is_output) {
  static const gchar *const words[] = {
      "about",     "almost",     "approx",    "approximately", "arbitrary",
      "around",    "assuming",   "before",    "bytes",         "could",
      "default",   "defaults",   "depending", "depends",       "differ",
      "different", "differs",    "eg",        "etc",           "example",
      "guess",     "if",         "incorrect", "incorrectly",   "least",
      "like",      "likely",     "machine",   "may",           "maybe",
      "might",     "most",       "ms",        "nearly",        "normally",
      "often",     "or",         "order",     "originally",    "platform",
      "possibly",  "previously", "probably",  "py2",           "python2",
      "random",    "roughly",    "seconds",   "see",           "similar",
      "something", "sometimes",  "suppose",   "think",         "typically",
      "unless",    "unordered",  "used",      "usually",       "varies",
      "vary",      "version",    "versions",  "wrong"};
  /* They speak of what ought to be: "Output: [1, 2] (expected [2])" is no less firm. */
  static const gchar *const intentions[] = {
      "expect", "expected", "expecting", "instead", "intended", "should", "want", "wanted", "wish"};
  const gchar *end = text + size, *at = text;
  gsize length;
  for (const gchar *sign = text; sign < end; sign++) {
    gsize left = (gsize)(end - sign);
    if (*sign == '~' || *sign == '?')
      return g_strdup_printf("hedged: '%c'", *sign);
    if (left >= 3 && memcmp(sign, "...", 3) == 0)
      return g_strdup("hedged: '...'");
    if (left >= 3 && (memcmp(sign, "\xe2\x80\xa6", 3) == 0 || memcmp(sign, "\xe2\x89\x88", 3) == 0))
      return g_strdup_printf("hedged: '%.3s'", sign);
    if (left >= 4 && sign[1] == '.' && g_ascii_strncasecmp(sign, "e.g.", 4) == 0)
      return g_strdup("hedged: 'e.g.'");
  }
  while ((length = word_next(end, &at)) > 0) {
    if (WORD_IN(at, length, words) || (!is_output && WORD_IN(at, length, intentions)))
      return g_strdup_printf("hedged: '%.*s'", (int)length, at);
    at += length;
  }
  /* "not 3" denies what stands behind it. */
  at = text;
  length = word_next(end, &at);
  if (length > 0 && (word_is(at, length, "not") || word_is(at, length, "never")))
    return g_strdup_printf("denies: '%.*s'", (int)length, at);
  return NULL;
}

gsize label_length(const gchar *text, gsize size, gboolean *says_output) {
  static const gchar *const labels[] = {"console", "displays", "out",    "output", "outputs",
                                        "print",   "printed",  "prints", "stdout"};
  static const gchar *const values[] = {"ans",     "answer",  "evaluates", "gives",
                                        "result",  "results", "return",    "returned",
                                        "returns", "shows",   "value"};
  static const gchar *const before[] = {"actual",  "code",   "console", "example",
                                        "program", "sample", "the",     "this"};
  static const gchar *const arrows[] = {"==>",          "-->",          "=>",
                                        "->",           "\xe2\x86\x92", "\xe2\x87\x92",
                                        "\xe2\x9e\x9c", "\xe2\x9e\x9e", NULL};
  gsize length = 0;
  *says_output = FALSE;
  for (guint i = 0; arrows[i] != NULL; i++) {
    if (size == 0 || text[0] != arrows[i][0])
      continue;
    gsize width = strlen(arrows[i]);
    if (size >= width && memcmp(text, arrows[i], width) == 0) {
      length = width;
      break;
    }
  }
  if (length == 0) {
    const gchar *at = text, *end = text + size;
    gsize word = 0;
    for (guint words = 0; words < 4; words++) {
      word = 0;
      while (at + word < end && g_ascii_isalpha(at[word]))
        word++;
      if (word == 0 || !WORD_IN(at, word, before))
        break;
      at += word;
      while (at < end && *at == ' ')
        at++;
    }
    gboolean is_output = WORD_IN(at, word, labels);
    if (word == 0 || !(is_output || WORD_IN(at, word, values)))
      return 0;
    at += word;
    while (at < end && (*at == ' ' || *at == '*'))
      at++;
    if (at < end && (*at == ':' || *at == '='))
      at += end - at > 1 && at[0] == '=' && at[1] == '>' ? 2 : 1;
    else if (end - at > 1 && at[0] == '-' && at[1] == '>')
      at += 2;
    else if (end - at > 2 && memcmp(at, "\xe2\x86\x92", 3) == 0)
      at += 3;
    else
      return 0;
    *says_output = is_output;
    length = (gsize)(at - text);
  }
  while (length < size && (text[length] == ' ' || text[length] == '\t'))
    length++;
  return length;
}

static gboolean ends_in(const gchar *text, gsize length, const gchar *ending) {
  gsize size = strlen(ending);
  return length >= size && memcmp(text + length - size, ending, size) == 0;
}

/* The last part of a dotted name; *length is that of the whole, then of the part. */
static const gchar *last_part(const gchar *name, gsize *length) {
  gsize begin = 0;
  for (gsize i = 0; i < *length; i++)
    if (name[i] == '.')
      begin = i + 1;
  *length -= begin;
  return name + begin;
}

/* re.error */
static gboolean is_small_error(const gchar *name, gsize length) {
  gsize size = length;
  return last_part(name, &size) > name && size == 5 && ends_in(name, length, "error");
}

/* What well-known packages call their exceptions, where the name does not tell. */
static gboolean is_known_exception(const gchar *name, gsize length) {
  static const gchar *const names[] = {"BadRequest",
                                       "BadSignature",
                                       "EmptyPage",
                                       "EmptyResultSet",
                                       "Http404",
                                       "ImproperlyConfigured",
                                       "InvalidPage",
                                       "MethodNotAllowed",
                                       "NoReverseMatch",
                                       "NotAcceptable",
                                       "NotAuthenticated",
                                       "NotFound",
                                       "PageNotAnInteger",
                                       "PermissionDenied",
                                       "Resolver404",
                                       "SignatureExpired",
                                       "SuspiciousOperation",
                                       "Throttled",
                                       "TransactionNotAllowed",
                                       "UnsupportedMediaType"};
  const gchar *last = last_part(name, &length);
  return word_list_find(names, G_N_ELEMENTS(names), last, length, FALSE) >= 0;
}

/* KeyError, socket.timeout is none, pkg.MyException, Book.DoesNotExist */
static gboolean is_exception_name(const gchar *name, gsize length) {
  static const gchar *const others[] = {"StopIteration", "StopAsyncIteration", "KeyboardInterrupt",
                                        "SystemExit",    "GeneratorExit",      "ExceptionGroup",
                                        "Exception",     "BaseException",      NULL};
  static const gchar *const endings[] = {"Error", "DoesNotExist", "ObjectsReturned"};
  if (is_small_error(name, length))
    return TRUE;
  const gchar *last = last_part(name, &length);
  if (length < 6 || !g_ascii_isupper(*last))
    return FALSE;
  for (guint i = 0; others[i] != NULL; i++)
    if (strlen(others[i]) == length && memcmp(last, others[i], length) == 0)
      return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
    if (ends_in(last, length, endings[i]))
      return TRUE;
  return length > 9 && ends_in(last, length, "Exception");
}

/* OutOfStock, shop.OutOfStock, Http404: what may be a class. */
static gboolean is_class_name(const gchar *name, gsize length) {
  const gchar *last = last_part(name, &length);
  guint humps = 0, smalls = 0;
  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isalnum(last[i]) && last[i] != '_')
      return FALSE;
    humps += i > 0 && (g_ascii_isupper(last[i]) || g_ascii_isdigit(last[i]));
    smalls += g_ascii_islower(last[i]);
  }
  return length > 0 && g_ascii_isupper(*last) && smalls > 0 && (humps > 0 || last > name);
}

/* The first sign between two places that is no blank; 0 for none. */
static gchar behind_name(const gchar *from, const gchar *to) {
  while (from < to && *from == ' ')
    from++;
  return from < to ? *from : '\0';
}

/* word_next(), but a dotted name is one word. */
static gsize dotted_word_next(const gchar *end, const gchar **at) {
  gsize length = word_next(end, at);
  const gchar *word = *at;
  if (length == 0)
    return 0;
  while (word + length + 1 < end && word[length] == '.' && g_ascii_isalpha(word[length + 1])) {
    length++;
    while (word + length < end && is_word_char(word[length]))
      length++;
  }
  return length;
}

static gboolean may_name_exception(const gchar *text, gsize size) {
  const gchar *end = text + size, *at = text;
  gsize length;
  while ((length = dotted_word_next(end, &at)) > 0) {
    if (is_exception_name(at, length) || is_known_exception(at, length) ||
        is_class_name(at, length))
      return TRUE;
    at += length;
  }
  return FALSE;
}

gsize exception_claimed(const gchar *text, gsize size, const gchar **name, gchar **cautious) {
  static const gchar *const denials[] = {
      "avoid",    "avoiding",   "avoids",     "becomes",  "can't",    "catch",    "catches",
      "catching", "caught",     "convert",    "converts", "custom",   "define",   "defines",
      "doesn't",  "don't",      "equivalent", "except",   "fix",      "fixed",    "fixes",
      "handle",   "handled",    "handles",    "handling", "ignore",   "ignores",  "inherits",
      "instead",  "isn't",      "like",       "never",    "no",       "not",      "prevent",
      "prevents", "previously", "rather",     "safe",     "subclass", "suppress", "suppresses",
      "than",     "turns",      "unlike",     "without",  "won't"};
  static const gchar *const doubts[] = {
      "can",       "could",   "depending", "if",       "interpreter", "likely",
      "may",       "maybe",   "might",     "or",       "possible",    "possibly",
      "potential", "python",  "python2",   "should",   "sometimes",   "unless",
      "until",     "usually", "version",   "versions", "when"};
  static const gchar *const verbs[] = {"causes",   "error", "fails",  "get",    "gives",
                                       "produces", "raise", "raised", "raises", "raising",
                                       "results",  "throw", "thrown", "throws", "triggers"};
  static const gchar *const articles[] = {"a",      "an",  "builtins", "is",   "it",   "output",
                                          "python", "the", "this",     "will", "would"};
  static const gchar *const raised[] = {"raised", "thrown"};
  static const gchar *const conditions[] = {"if", "unless", "until", "when"};
  static const gchar *const going_on[] = {"again",     "as",  "at",     "because", "due",
                                          "exception", "for", "from",   "here",    "in",
                                          "is",        "on",  "raised", "since",   "thrown"};
  const gchar *end = text + size, *at = text, *found = NULL;
  gsize found_length = 0, length;
  gboolean has_verb = FALSE, is_first = TRUE, is_doubtful = FALSE;
  gboolean is_raise = FALSE, is_strange = FALSE;
  const gchar *doubt = NULL;
  gsize doubt_length = 0;

  /* Most texts name none, and then their words need not be known. */
  if (!may_name_exception(text, size))
    return 0;
  while ((length = dotted_word_next(end, &at)) > 0) {
    gboolean is_known = is_known_exception(at, length);
    gboolean is_named = is_exception_name(at, length) || (is_known && is_raise);
    gboolean is_exception = is_named || is_known || (is_raise && is_class_name(at, length));
    if (found == NULL && !WORD_IN(at, length, articles))
      is_raise = word_is(at, length, "raise") || word_is(at, length, "raises");
    if (is_exception && found == NULL) {
      if (!has_verb && !is_first)
        return 0;
      found = at;
      found_length = length;
      /* "NotFound" may be a text, and "logging.error" is a function. */
      is_strange = !is_named;
      is_doubtful = is_small_error(at, length);
      /* "Exception raised here" points at a line; it names no class. */
      if (word_is(at, length, "Exception") && at + length < end && at[length] != ':')
        return 0;
      /* What stands behind "KeyError:" is the message, whatever its words. */
      if (at + length < end && at[length] == ':')
        break;
      const gchar *rest = at + length;
      while (rest < end && (*rest == ' ' || *rest == '`'))
        rest++;
      const gchar *next = rest;
      gsize next_length = word_next(end, &next);
      if (next_length > 0 && next == rest && !WORD_IN(next, next_length, going_on))
        is_doubtful = TRUE;
      /* "A KeyError is a LookupError" raises nothing; "KeyError is raised" does. */
      if (next_length == 2 && next == rest && word_is(next, 2, "is")) {
        next += next_length;
        next_length = word_next(end, &next);
        is_doubtful = is_doubtful || !WORD_IN(next, next_length, raised);
      }
    } else if (found != NULL && behind_name(found + found_length, at) == '(' &&
               word_is(at, length, "subclass")) {
      /* "KeyError (a subclass of LookupError)" denies nothing. */
    } else if (WORD_IN(at, length, denials)) {
      return 0;
    } else if (found == NULL && word_is(at, length, "then")) {
      /* "3, then StopIteration" may tell of several calls. */
      has_verb = TRUE;
      doubt = at;
      doubt_length = length;
    } else if (WORD_IN(at, length, doubts) && doubt == NULL) {
      doubt = at;
      doubt_length = length;
      /* What follows is the condition, whatever it denies. */
      if (found != NULL && WORD_IN(at, length, conditions))
        break;
    } else if (found == NULL && WORD_IN(at, length, verbs)) {
      has_verb = TRUE;
    } else if (found == NULL && !WORD_IN(at, length, articles)) {
      is_first = FALSE;
    }
    at += length;
  }
  if (found == NULL)
    return 0;
  *name = found;
  if (doubt != NULL)
    *cautious = g_strdup_printf("hedged: '%.*s'", (int)doubt_length, doubt);
  else if (is_doubtful)
    *cautious = g_strdup("prose stands behind the exception's name");
  else if (is_strange)
    *cautious = g_strdup("its name alone does not say that it is an exception");
  else if (memchr(text, '?', size) != NULL)
    *cautious = g_strdup("hedged: '?'");
  return found_length;
}
