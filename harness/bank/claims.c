#include "bank/claims.h"

#include <string.h>

#include "bank/chance.h"
#include "bank/claims_comment.h"
#include "bank/claims_readers.h"
#include "bank/names.h"

static gint by_line(gconstpointer first, gconstpointer second) {
  const Claim *one = *(Claim *const *)first, *other = *(Claim *const *)second;
  return one->line < other->line ? -1 : one->line > other->line;
}

static gint unclaimed_by_line(gconstpointer first, gconstpointer second) {
  const Unclaimed *one = *(Unclaimed *const *)first, *other = *(Unclaimed *const *)second;
  return one->line < other->line ? -1 : one->line > other->line;
}

static void doubt_lines(Snippet *snippet, guint first, guint last, const gchar *reason) {
  for (guint i = 0; i < snippet->claims->len; i++) {
    Claim *claim = g_ptr_array_index(snippet->claims, i);
    if (claim->cautious == NULL && claim->line >= first && claim->line <= last)
      claim->cautious = g_strdup(reason);
  }
}

/* Where a line speaks of Python 2, it may mean all lines around it up to the
 * next blank one. */
static void doubt_old_python(Snippet *snippet) {
  guint line = 1, first = 1;
  gboolean is_old = FALSE;
  /* Hardly any snippet does. */
  if (snippet->claims->len == 0 ||
      (strstr(snippet->source, "ython 2") == NULL && strstr(snippet->source, "ython2") == NULL))
    return;
  for (const gchar *at = snippet->source; *at != '\0'; line++) {
    const gchar *end = strchr(at, '\n');
    gsize size = end != NULL ? (gsize)(end - at) : strlen(at);
    gboolean is_blank = strspn(at, " \t") >= size;
    if (is_blank)
      first = line + 1;
    else if (g_strstr_len(at, (gssize)size, "ython 2") != NULL ||
             g_strstr_len(at, (gssize)size, "ython2") != NULL)
      is_old = TRUE;
    gboolean is_last = end == NULL || end[1] == '\0';
    if (is_old && (is_blank || is_last || end[1] == '\n')) {
      doubt_lines(snippet, first, line, "speaks of another version of Python");
      is_old = FALSE;
    }
    at += size + (end != NULL);
  }
}

void claims_read_snippet(Snippet *snippet) {
  if (snippet->kind == SNIPPET_TRANSCRIPT)
    claims_read_transcript(snippet);
  else
    claims_read_script(snippet);
  if (snippet->claims->len > 0)
    doubt_old_python(snippet);
  if (snippet->claims->len > 1)
    g_ptr_array_sort(snippet->claims, by_line);
  if (snippet->unclaimed->len > 1)
    g_ptr_array_sort(snippet->unclaimed, unclaimed_by_line);
}

/* "Output (Python 2.x)", "Output (< 3.8)", "In 3.6": of another Python, perhaps. */
static gboolean names_version(const gchar *label) {
  for (const gchar *at = label; *at != '\0'; at++) {
    if (*at == '<' || *at == '>')
      return TRUE;
    if (g_ascii_isdigit(*at) && (at[1] == '.' || g_ascii_strncasecmp(at, "2", 1) == 0) &&
        (at == label || !g_ascii_isalnum(at[-1])))
      return TRUE;
  }
  return strstr(label, "ython2") != NULL || strstr(label, "ython3") != NULL ||
         strstr(label, "ython 3") != NULL;
}

/* The code of a script; leans is set where it uses names of other blocks. */
static gchar *script_cautious(const Snippet *snippet, gboolean *leans) {
  gsize size = strlen(snippet->source);
  g_autoptr(Statements) statements = statements_read(snippet->source, size);
  Names names = names_read(statements);
  *leans = names.is_missing;
  if (!names.may_vary)
    return NULL;
  g_autoptr(Chance) chance = chance_read(statements);
  return chance_reason_of_all(chance);
}

static gchar *output_cautious(Snippet *snippet, const gchar *label, const gchar *output,
                              gboolean *leans) {
  if (label == NULL || label[0] == '\0')
    return g_strdup("not labelled as output");
  g_autofree gchar *small = g_ascii_strdown(label, -1);
  if (strstr(small, "output") == NULL && strstr(small, "prints") == NULL &&
      strstr(small, "result") == NULL)
    return g_strdup("not labelled as output");
  if (names_version(label))
    return g_strdup("labelled as the output of certain versions");
  gchar *hedge = hedge_find(label, strlen(label), FALSE);
  if (hedge != NULL)
    return hedge;
  if (strstr(output, "...") != NULL)
    return g_strdup("hedged: '...'");
  if (snippet->kind == SNIPPET_TRANSCRIPT)
    return g_strdup("follows a session");
  return script_cautious(snippet, leans);
}

void claims_read_introduction(Snippet *snippet, const gchar *introduction) {
  static const gchar *const words[] = {"ython 2", "ython2", "ython 3", "ython3"};
  if (snippet->claims->len == 0)
    return;
  gboolean is_of_version = strstr(introduction, "utput") != NULL && names_version(introduction);
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    is_of_version = is_of_version || strstr(introduction, words[i]) != NULL;
  if (is_of_version)
    doubt_lines(snippet, 1, G_MAXUINT, "introduced as what certain versions show");
}

void claims_read_output(Snippet *snippet, const gchar *label, const gchar *output,
                        guint first_line) {
  Claim *claim = claim_new(CLAIM_OUTPUT, CLAIM_OF_SNIPPET, first_line - snippet->first_line + 1,
                           output, output);
  claim->below = TRUE;
  claim->cautious = output_cautious(snippet, label, output, &claim->leans);
  g_ptr_array_add(snippet->claims, claim);
}
