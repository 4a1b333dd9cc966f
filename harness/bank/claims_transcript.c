/* The claims of a session: what its examples show. */
#include <string.h>

#include "bank/chance.h"
#include "bank/claims_comment.h"
#include "bank/claims_common.h"
#include "bank/claims_readers.h"
#include "bank/names.h"

/* The session's code as a script with the same lines: prompts and output are
 * left out, so that statements and comments keep their places. */
static gchar *session_code(const Snippet *snippet) {
  GString *code = g_string_sized_new(strlen(snippet->source));
  guint line = 1;
  for (guint i = 0; i < snippet->examples->len; i++) {
    const Example *example = g_ptr_array_index(snippet->examples, i);
    for (; line < example->line; line++)
      g_string_append_c(code, '\n');
    for (const gchar *at = example->source; *at != '\0'; at++) {
      g_string_append_c(code, *at);
      line += *at == '\n';
    }
    if (code->len > 0 && code->str[code->len - 1] != '\n') {
      g_string_append_c(code, '\n');
      line++;
    }
  }
  return g_string_free(code, FALSE);
}

/* What the example shows: its want, without comment signs and a label. */
static gchar *shown_text(const gchar *want) {
  g_autofree gchar *bare = comment_lines_strip(want);
  if (bare == NULL)
    return g_strdup(want);
  gboolean says_output;
  gsize label = label_length(bare, strcspn(bare, "\n"), &says_output);
  const gchar *text = bare + label;
  if (*text == '\n' && label > 0)
    text++;
  return g_strdup(text);
}

static gboolean is_blank(const gchar *text) {
  return text[strspn(text, " \t\n")] == '\0';
}

/* Nothing that could be compared: "...", "?", "etc." */
static gboolean is_placeholder(const gchar *text) {
  g_autofree gchar *bare = g_strstrip(g_strdup(text));
  return bare[0] == '\0' || strspn(bare, ".? \n\xe2\x80\xa6") == strlen(bare) ||
         g_ascii_strcasecmp(bare, "etc") == 0 || g_ascii_strcasecmp(bare, "etc.") == 0;
}

static gboolean is_shell(const gchar *text) {
  for (const gchar *line = text; line != NULL;) {
    if (g_str_has_prefix(line, "$ ") || g_str_has_prefix(line, "bash % ") ||
        g_str_has_prefix(line, "C:\\") || g_str_has_prefix(line, "bash$"))
      return TRUE;
    line = strchr(line, '\n');
    line = line != NULL ? line + 1 : NULL;
  }
  return FALSE;
}

typedef struct {
  Snippet *snippet;
  const Statements *statements;
  const Chance *chance;
  const Words *words;
  guint statement; /* first that is not behind the examples gone through */
  guint comment;
} Session;

static Claim *example_claim(Session *session, const Example *example, guint first, guint count,
                            guint line, const gchar *text, const gchar *expected) {
  Claim *claim = claim_new(CLAIM_TRANSCRIPT, CLAIM_OF_EXAMPLE, line, text, expected);
  claim->first_line = example->line;
  claim->last_line = example->last_line;
  for (guint i = first; session->chance != NULL && i < first + count && claim->cautious == NULL;
       i++)
    claim->cautious = chance_reason(session->chance, i, expected);
  if (count == 1) {
    const Statement *only = &g_array_index(session->statements->statements, Statement, first);
    claim->is_print = only->kind == STATEMENT_PRINT && !only->is_several;
    claim->is_value = only->kind == STATEMENT_EXPRESSION && !only->is_several;
  }
  g_ptr_array_add(session->snippet->claims, claim);
  return claim;
}

/* A line of words under a prompt, behind a comment sign, that no string of the
 * code holds: it describes. */
static gboolean describes(const Session *session, const gchar *expected) {
  gsize size = strcspn(expected, "\n");
  if (expected[size] != '\0' && expected[size + 1] != '\0')
    return FALSE;
  g_auto(Reading) reading = comment_read(expected, size);
  return !reading.is_claim || (reading.rule == CLAIM_TEXT && memchr(expected, ' ', size) != NULL &&
                               !words_cover(session->words, expected, size, 50));
}

static void read_want(Session *session, const Example *example, guint first, guint count) {
  g_autofree gchar *expected = shown_text(example->want);
  g_autofree gchar *text = g_strchomp(g_strdup(example->want));
  if (strcmp(expected, example->want) != 0 && describes(session, expected)) {
    unclaimed_add(session->snippet, example->want_line, text, strlen(text), "prose");
    return;
  }
  Claim *claim = example_claim(session, example, first, count, example->want_line, text, expected);
  if (is_placeholder(expected))
    claim_doubt(claim, g_strdup("a placeholder"));
  else if (is_shell(expected))
    claim_doubt(claim, g_strdup("a shell's session"));
  else if (strstr(example->source, "doctest: +SKIP") != NULL)
    claim_doubt(claim, g_strdup("marked to be skipped"));
  else if (strcmp(expected, example->want) != 0) {
    /* Under a comment sign, prose is as likely as output. */
    g_auto(Reading) reading = comment_read(expected, strcspn(expected, "\n"));
    if (strchr(expected, '\n') == expected + strlen(expected) - 1 && reading.cautious != NULL)
      claim_doubt(claim, g_steal_pointer(&reading.cautious));
  }
}

/* A comment behind the example's code, where nothing is shown under it. */
static void read_comment(Session *session, const Example *example, guint first, guint count,
                         const Comment *comment) {
  g_auto(Reading) reading = comment_read(comment->text, comment->length);
  gboolean is_wanted = !is_blank(example->want);
  if (!reading.is_claim || is_wanted || comment->place != COMMENT_TRAILING ||
      (reading.rule == CLAIM_TEXT) || (reading.rule == CLAIM_VERB && !reading.is_whole)) {
    unclaimed_add(session->snippet, comment->line, comment->text, comment->length,
                  is_wanted                ? "the output below is compared"
                  : reading.reason != NULL ? reading.reason
                                           : "prose");
    return;
  }
  const Statement *statement =
      &g_array_index(session->statements->statements, Statement, comment->statement);
  if (statement->kind == STATEMENT_ASSIGNMENT && reading.rule != CLAIM_EXCEPTION) {
    unclaimed_add(session->snippet, comment->line, comment->text, comment->length,
                  "says what an assignment gives: a session shows nothing of it");
    return;
  }
  g_autofree gchar *text = g_strstrip(g_strndup(comment->text, comment->length));
  Claim *claim =
      example_claim(session, example, first, count, comment->line, text, reading.expected);
  if (reading.rule == CLAIM_EXCEPTION) {
    claim->rule = CLAIM_EXCEPTION;
    claim->target = CLAIM_OF_EXCEPTION;
  }
  if (reading.cautious != NULL) {
    g_free(claim->cautious);
    claim->cautious = g_steal_pointer(&reading.cautious);
  }
}

void claims_read_transcript(Snippet *snippet) {
  g_autofree gchar *code = session_code(snippet);
  gsize size = strlen(code);
  g_autoptr(Statements) statements = statements_read(code, size);
  Names names = names_read(statements);
  g_autoptr(Chance) chance = names.may_vary ? chance_read(statements) : NULL;
  g_autoptr(Words) words = words_read(statements);
  Session session = {
      .snippet = snippet, .statements = statements, .chance = chance, .words = words};
  for (guint i = 0; i < snippet->examples->len; i++) {
    const Example *example = g_ptr_array_index(snippet->examples, i);
    guint first = session.statement;
    while (session.statement < statements->statements->len &&
           g_array_index(statements->statements, Statement, session.statement).first_line <=
               example->last_line)
      session.statement++;
    guint count = session.statement - first;
    guint claims = snippet->claims->len;
    if (!is_blank(example->want) && count > 0)
      read_want(&session, example, first, count);
    for (; session.comment < statements->comments->len; session.comment++) {
      const Comment *comment = &g_array_index(statements->comments, Comment, session.comment);
      if (comment->line > example->last_line)
        break;
      if (snippet->claims->len > claims && is_blank(example->want))
        unclaimed_add(snippet, comment->line, comment->text, comment->length, "prose");
      else
        read_comment(&session, example, first, count, comment);
    }
  }
  unclaimed_place(snippet, statements);
  if (names.is_missing)
    for (guint i = 0; i < snippet->claims->len; i++)
      ((Claim *)g_ptr_array_index(snippet->claims, i))->leans = TRUE;
}
