/* Comments that compare the times which two prints of one run show. */
#include <string.h>

#include "bank/claims_kinds.h"

#define WORD_IN(at, length, list)                                                                  \
  (word_list_find((list), G_N_ELEMENTS(list), (at), (length), TRUE) >= 0)

/* --- prints of a measured time ----------------------------------------------- */

enum { NAME_IS_CLOCK = 1, NAME_IS_DURATION = 2 };

/* What a statement does with times. */
typedef struct {
  gboolean has_clock, has_duration, has_minus;
} Times;

static gboolean is_sign(const PythonToken *token, gchar sign) {
  return token->kind == TOKEN_OPERATOR && token->length == 1 && token->start[0] == sign;
}

static Times times_of(const Script *script, const Statement *statement, const WordSet *names) {
  static const gchar *const clocks[] = {"monotonic",       "monotonic_ns", "perf_counter",
                                        "perf_counter_ns", "process_time", "process_time_ns",
                                        "thread_time",     "time",         "time_ns"};
  static const gchar *const timers[] = {"repeat", "timeit"};
  Times times = {0};
  NameScanner scanner;
  PythonToken token, before = {.kind = TOKEN_END, .start = ""};
  name_scanner_init_statement(&scanner, script->statements, statement);
  while (name_scanner_next(&scanner, &token)) {
    if (is_sign(&token, '(') && before.kind == TOKEN_NAME) {
      times.has_clock = times.has_clock || WORD_IN(before.start, before.length, clocks);
      times.has_duration = times.has_duration || WORD_IN(before.start, before.length, timers);
    }
    if (token.kind == TOKEN_NAME) {
      const WordSlot *slot = word_set_find(names, token.start, token.length);
      times.has_clock = times.has_clock || (slot != NULL && (slot->flags & NAME_IS_CLOCK));
      times.has_duration = times.has_duration || (slot != NULL && (slot->flags & NAME_IS_DURATION));
    }
    times.has_minus = times.has_minus || is_sign(&token, '-');
    before = token;
  }
  times.has_duration = times.has_duration || (times.has_clock && times.has_minus);
  return times;
}

static void mark_names(const gchar *names, guint flag, WordSet *set) {
  for (const gchar *at = names; *at != '\0';) {
    gsize length = strcspn(at, ",");
    word_set_add(set, at, length)->flags |= flag;
    at += length;
    at += strspn(at, ", ");
  }
}

/* The function around a statement gives a time, where it returns one. */
static void mark_function(const Script *script, const Statement *statement, WordSet *set) {
  gint parent = statement->parent;
  while (parent >= 0 && script_statement(script, parent)->kind != STATEMENT_DEF)
    parent = script_statement(script, parent)->parent;
  if (parent < 0)
    return;
  const Statement *header = script_statement(script, parent);
  const PythonToken *tokens =
      &g_array_index(script->statements->tokens, PythonToken, header->first_token);
  for (guint i = 0; i + 1 < header->token_count; i++)
    if (token_is(&tokens[i], "def")) {
      word_set_add(set, tokens[i + 1].start, tokens[i + 1].length)->flags |= NAME_IS_DURATION;
      return;
    }
}

static const GArray *script_timed(Script *script) {
  if (script->timed != NULL)
    return script->timed;
  script->timed = g_array_new(FALSE, FALSE, sizeof(gint));
  WordSet names;
  word_set_init(&names, FALSE);
  g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(g_free);
  for (gint i = 0; i < (gint)script->statements->statements->len; i++) {
    const Statement *statement = script_statement(script, i);
    Times times = times_of(script, statement, &names);
    if (!times.has_clock && !times.has_duration)
      continue;
    gboolean is_item;
    gchar *bound = script_changed_names(script, statement, &is_item);
    if (bound != NULL && statement->kind == STATEMENT_ASSIGNMENT && !is_item)
      mark_names(bound, times.has_duration ? NAME_IS_DURATION : NAME_IS_CLOCK, &names);
    if (bound != NULL)
      g_ptr_array_add(kept, bound); /* the set points into it */
    if (times.has_duration && statement->kind == STATEMENT_OTHER && statement->length > 7 &&
        memcmp(statement->start, "return ", 7) == 0)
      mark_function(script, statement, &names);
    if (times.has_duration && statement->kind == STATEMENT_PRINT && !statement->is_several)
      g_array_append_val(script->timed, i);
  }
  word_set_clear(&names);
  return script->timed;
}

/* --- words ------------------------------------------------------------------- */

/* Hardly any comment speaks of speed. */
static gboolean speaks_of_speed(const gchar *text, gsize size) {
  static const gchar *const words[] = {"faster", "fastest", "quicker", "same",
                                       "slower", "slowest", "speedup"};
  for (const gchar *at = text, *end = text + size; at < end;) {
    gsize length = 0;
    while (at + length < end && g_ascii_isalpha(at[length]))
      length++;
    if (length >= 4 && length <= 7 && WORD_IN(at, length, words))
      return TRUE;
    at += MAX(length, 1);
  }
  return FALSE;
}

/* What a text says of its time beside the other; NULL for nothing. hedge is set
 * where it is not sure. */
static const gchar *speed_said(const gchar *text, gsize size, gchar **hedge) {
  static const gchar *const faster[] = {"faster", "fastest", "quicker"};
  static const gchar *const slower[] = {"slower", "slowest"};
  static const gchar *const hedges[] = {
      "almost",    "can",     "could",    "expect",   "expected", "generally", "hopefully",
      "if",        "likely",  "may",      "maybe",    "might",    "most",      "mostly",
      "often",     "perhaps", "possibly", "probably", "should",   "sometimes", "tends",
      "typically", "unless",  "usually",  "when"};
  static const gchar *const measures[] = {"duration", "performance", "speed", "time", "times"};
  gboolean is_faster = FALSE, is_slower = FALSE, is_same = FALSE, is_denied = FALSE;
  gboolean has_same = FALSE, has_about = FALSE;
  const gchar *found_hedge = NULL;
  gsize hedge_length = 0, before_length = 0;
  const gchar *at = text, *end = text + size, *before = "";
  while (at < end) {
    gsize length = 0;
    while (at + length < end && (g_ascii_isalpha(at[length]) || at[length] == '\''))
      length++;
    if (length == 0) {
      has_about = has_about || *at == '~';
      at++;
      continue;
    }
    gboolean follows_no = (before_length == 2 && g_ascii_strncasecmp(before, "no", 2) == 0) ||
                          (before_length == 3 && g_ascii_strncasecmp(before, "not", 3) == 0);
    if (WORD_IN(at, length, faster) || WORD_IN(at, length, slower)) {
      is_denied = is_denied || follows_no;
      is_faster = is_faster || WORD_IN(at, length, faster);
      is_slower = is_slower || WORD_IN(at, length, slower);
    } else if (length == 7 && g_ascii_strncasecmp(at, "speedup", 7) == 0 && follows_no) {
      is_faster = is_denied = TRUE;
    } else if (length == 4 && g_ascii_strncasecmp(at, "same", 4) == 0) {
      has_same = TRUE;
      is_same = is_same || has_about;
    } else if (has_same && WORD_IN(at, length, measures)) {
      is_same = TRUE;
    } else if (length == 5 && g_ascii_strncasecmp(at, "about", 5) == 0) {
      has_about = TRUE;
    } else if (found_hedge == NULL && WORD_IN(at, length, hedges)) {
      found_hedge = at;
      hedge_length = length;
    }
    before = at;
    before_length = length;
    at += length;
  }
  if (is_faster && is_slower)
    return NULL;
  if (found_hedge != NULL && (is_faster || is_slower || is_same))
    *hedge = g_strdup_printf("hedged: '%.*s'", (int)hedge_length, found_hedge);
  if (is_faster)
    return is_denied ? "not faster" : is_same ? "not slower" : "faster";
  if (is_slower)
    return is_denied ? "not slower" : is_same ? "not faster" : "slower";
  return is_same ? "same" : NULL;
}

/* --- where it belongs -------------------------------------------------------- */

/* Position of the first timed print from this statement on. */
static guint timed_from(const GArray *timed, gint statement) {
  guint low = 0, high = timed->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (g_array_index(timed, gint, middle) < statement)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Position among the timed prints of the one that the comment speaks of, or -1. */
static gint timed_of(Script *script, const GArray *timed, CommentBlock block,
                     const Comment *comment) {
  gboolean is_own = comment->place != COMMENT_TRAILING;
  guint position = timed_from(timed, comment->statement + is_own);
  if (position == timed->len)
    return -1;
  gint index = g_array_index(timed, gint, position);
  if (!is_own)
    return index == comment->statement ? (gint)position : -1;
  const Statement *next = script_next(script, comment->statement);
  if (next->kind == STATEMENT_DEF || next->kind == STATEMENT_CLASS ||
      next->kind == STATEMENT_DECORATOR ||
      script_statement(script, index)->column != comment->column)
    return -1;
  /* Another heading begins before that print. */
  if (block.last + 1 < script->statements->comments->len) {
    const Comment *other = script_comment(script, block.last + 1);
    if (other->place == COMMENT_OWN && other->statement < index && other->statement >= 0 &&
        other->column == comment->column)
      return -1;
  }
  return (gint)position;
}

gboolean speed_read(Script *script, CommentBlock block, guint index) {
  const Comment *comment = script_comment(script, index);
  if (!speaks_of_speed(comment->text, comment->length))
    return FALSE;
  g_autofree gchar *hedge = NULL;
  const gchar *said = speed_said(comment->text, comment->length, &hedge);
  if (said == NULL)
    return FALSE;
  const GArray *timed = script_timed(script);
  gint position = timed->len > 1 ? timed_of(script, timed, block, comment) : -1;
  if (position < 0)
    return FALSE;
  gint rival = g_array_index(timed, gint, position > 0 ? position - 1 : 1);
  Reading reading = {.is_claim = TRUE, .rule = CLAIM_SPEED, .expected = g_strdup(said)};
  reading.cautious = g_steal_pointer(&hedge);
  g_autofree gchar *text = comment_text(comment);
  Claim *claim =
      script_claim(script, &reading, g_array_index(timed, gint, position), comment, text);
  claim->rival = script_statement(script, rival)->first_line;
  if (timed->len > 2)
    claim_doubt(claim, g_strdup("may be compared with another time"));
  return TRUE;
}
