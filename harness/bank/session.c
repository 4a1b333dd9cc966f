#include "bank/session.h"

#include <string.h>

#include "bank/bindings.h"
#include "bank/names.h"
#include "bank/word_set.h"

/* Blocks further above never run before another: see run/exam_prelude.c. */
#define REACH 1000u

/* What is known of a document's blocks. */
typedef struct {
  GHashTable *positions; /* const Snippet * -> position */
  GHashTable *binders;   /* name -> GArray of guint: positions that bind it, rising */
  GArray *unclear;       /* guint: positions that may bind what they mention, in ways that their
                            statements do not show */
  GArray *any;           /* guint: positions that may bind any name: import * */
  GStringChunk *names;
} Binders;

struct Sessions {
  GHashTable *documents; /* const Document * -> Binders * */
};

/* The code of a session without its prompts and output; a script's own. Caller frees. */
static gchar *code_of(const Snippet *snippet) {
  if (snippet->examples == NULL)
    return g_strdup(snippet->source);
  GString *code = g_string_new(NULL);
  for (guint i = 0; i < snippet->examples->len; i++) {
    const Example *example = g_ptr_array_index(snippet->examples, i);
    g_string_append(code, example->source);
  }
  return g_string_free(code, FALSE);
}

static gboolean is_name_part(gchar character) {
  return g_ascii_isalnum(character) || character == '_' || (guchar)character >= 0x80;
}

/* Calls back for each word, those in strings and comments among them; stops where that is TRUE. */
static gboolean each_word(const gchar *text,
                          gboolean (*each)(const gchar *word, gsize length, gpointer data),
                          gpointer data) {
  for (const gchar *at = text; *at != '\0';) {
    gsize length = 0;
    while (is_name_part(at[length]))
      length++;
    if (length > 0 && each(at, length, data))
      return TRUE;
    at += MAX(length, 1);
  }
  return FALSE;
}

static gboolean is_any_of(const gchar *const *list, const gchar *word, gsize length) {
  for (; *list != NULL; list++)
    if (strlen(*list) == length && memcmp(*list, word, length) == 0)
      return TRUE;
  return FALSE;
}

/* Code with one of these may bind names for the session out of sight. */
static gboolean binds_unseen(const gchar *word, gsize length, G_GNUC_UNUSED gpointer data) {
  static const gchar *const words[] = {"__builtins__", "__main__", "builtins", "exec",
                                       "global",       "globals",  "setattr",  NULL};
  return is_any_of(words, word, length);
}

/* And with one of these, use them. */
static gboolean uses_unseen(const gchar *word, gsize length, G_GNUC_UNUSED gpointer data) {
  static const gchar *const words[] = {"__main__", "eval", "exec", "globals",
                                       "locals",   "vars", NULL};
  return is_any_of(words, word, length);
}

/* --- what earlier blocks bind -------------------------------------------------------------- */

typedef struct {
  Binders *binders;
  guint position;
} BinderNote;

static void note_position(GArray *positions, guint position) {
  if (positions->len == 0 || g_array_index(positions, guint, positions->len - 1) != position)
    g_array_append_val(positions, position);
}

static void on_bound(const gchar *name, gsize length, gpointer data) {
  const BinderNote *note = data;
  Binders *binders = note->binders;
  if (length == 1 && *name == '*') {
    note_position(binders->any, note->position);
    return;
  }
  g_autofree gchar *key = g_strndup(name, length);
  GArray *positions = g_hash_table_lookup(binders->binders, key);
  if (positions == NULL) {
    positions = g_array_new(FALSE, FALSE, sizeof(guint));
    g_hash_table_insert(binders->binders, g_string_chunk_insert(binders->names, key), positions);
  }
  note_position(positions, note->position);
}

static Binders *binders_new(const Document *document) {
  Binders *binders = g_new0(Binders, 1);
  binders->positions = g_hash_table_new(NULL, NULL);
  binders->binders =
      g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
  binders->unclear = g_array_new(FALSE, FALSE, sizeof(guint));
  binders->any = g_array_new(FALSE, FALSE, sizeof(guint));
  binders->names = g_string_chunk_new(4096);
  for (guint i = 0; i < document->snippets->len; i++) {
    const Snippet *snippet = g_ptr_array_index(document->snippets, i);
    g_autofree gchar *code = code_of(snippet);
    g_autoptr(Statements) statements = statements_read(code, strlen(code));
    BinderNote note = {binders, i};
    bindings_read(statements, &(BindingCalls){.on_name = on_bound, .data = &note});
    if (each_word(code, binds_unseen, NULL))
      g_array_append_val(binders->unclear, i);
    g_hash_table_insert(binders->positions, (gpointer)snippet, GUINT_TO_POINTER(i));
  }
  return binders;
}

static void binders_free(gpointer data) {
  Binders *binders = data;
  g_hash_table_unref(binders->positions);
  g_hash_table_unref(binders->binders);
  g_array_unref(binders->unclear);
  g_array_unref(binders->any);
  g_string_chunk_free(binders->names);
  g_free(binders);
}

Sessions *sessions_new(void) {
  Sessions *sessions = g_new0(Sessions, 1);
  sessions->documents = g_hash_table_new_full(NULL, NULL, NULL, binders_free);
  return sessions;
}

void sessions_free(Sessions *sessions) {
  if (sessions == NULL)
    return;
  g_hash_table_unref(sessions->documents);
  g_free(sessions);
}

/* --- what the snippet needs ---------------------------------------------------------------- */

/* The reader of its statements, in their order. */
typedef struct {
  WordSet bound;       /* names that statements so far have bound */
  GHashTable *needed;  /* gchar *, owned */
  GHashTable *targets; /* const gchar *: places in the source at which a name is bound */
} Needs;

static void need(Needs *needs, const gchar *name, gsize length) {
  g_hash_table_add(needs->needed, g_strndup(name, length));
}

/* For names_need(), which asks for each name that nothing in the code binds. */
static gboolean on_unbound(const gchar *name, gsize length, gpointer data) {
  need(data, name, length);
  return TRUE;
}

static gboolean on_word(const gchar *word, gsize length, gpointer data) {
  if (!g_ascii_isdigit(*word) && !python_is_keyword(word, length))
    need(data, word, length);
  return FALSE;
}

static void on_target(const gchar *name, G_GNUC_UNUSED gsize length, gpointer data) {
  g_hash_table_add(((Needs *)data)->targets, (gpointer)name);
}

static gboolean is_sign(const PythonToken *token, const gchar *sign) {
  return token->kind == TOKEN_OPERATOR && token_is(token, sign);
}

/* Goes through the names of a statement: `each` is called for those that are used, or bound for
 * the module, but not for what a comprehension or a lambda binds for itself. */
static void statement_read(Needs *needs, const Statements *statements, const Statement *statement,
                           void (*each)(Needs *needs, const PythonToken *name)) {
  WordSet own;
  NameScanner scanner;
  PythonToken token, before = {.kind = TOKEN_END};
  gboolean in_for = FALSE, in_lambda = FALSE;
  word_set_init(&own, FALSE);
  name_scanner_init_statement(&scanner, statements, statement);
  while (name_scanner_next(&scanner, &token)) {
    gboolean is_name = token.kind == TOKEN_NAME && !python_is_keyword(token.start, token.length);
    if (is_name && (in_for || in_lambda) && !g_hash_table_contains(needs->targets, token.start))
      word_set_add(&own, token.start, token.length);
    in_for = token.kind == TOKEN_NAME
                 ? token_is(&token, "for") || (in_for && !token_is(&token, "in"))
                 : in_for;
    in_lambda = (token.kind == TOKEN_NAME && token_is(&token, "lambda")) ||
                (in_lambda && !is_sign(&token, ":"));
  }
  /* A comprehension uses its names before it says that they are its own. */
  PythonToken held = {.kind = TOKEN_END};
  name_scanner_init_statement(&scanner, statements, statement);
  while (name_scanner_next(&scanner, &token)) {
    gboolean is_argument = scanner.depth > 0 && is_sign(&token, "="); /* f(name=1) */
    if (held.kind == TOKEN_NAME && !is_argument)
      each(needs, &held);
    held.kind = TOKEN_END;
    if (token.kind == TOKEN_NAME && !python_is_keyword(token.start, token.length) &&
        !is_sign(&before, ".") && word_set_find(&own, token.start, token.length) == NULL)
      held = token;
    before = token;
  }
  if (held.kind == TOKEN_NAME)
    each(needs, &held);
  word_set_clear(&own);
}

/* A name that the code binds, but only behind the place where it is used. */
static void take_use(Needs *needs, const PythonToken *name) {
  if (!g_hash_table_contains(needs->targets, name->start) &&
      word_set_find(&needs->bound, name->start, name->length) == NULL)
    need(needs, name->start, name->length);
}

static void take_binding(Needs *needs, const PythonToken *name) {
  if (g_hash_table_contains(needs->targets, name->start))
    word_set_add(&needs->bound, name->start, name->length);
}

static void needs_of_order(Needs *needs, const Statements *statements) {
  needs->targets = g_hash_table_new(NULL, NULL);
  word_set_init(&needs->bound, FALSE);
  bindings_read(statements, &(BindingCalls){.on_name = on_target, .data = needs});
  for (guint i = 0; i < statements->statements->len; i++) {
    const Statement *statement = &g_array_index(statements->statements, Statement, i);
    gboolean is_top = (statement->place & (PLACE_FUNCTION | PLACE_CLASS)) == 0;
    gboolean is_definition =
        statement->kind == STATEMENT_DEF || statement->kind == STATEMENT_IMPORT;
    /* The right side of an assignment comes first; of any other statement what it binds does. */
    if (is_top && statement->kind == STATEMENT_ASSIGNMENT && !statement->is_several)
      statement_read(needs, statements, statement, take_use);
    statement_read(needs, statements, statement, take_binding);
    if (is_top && !is_definition)
      statement_read(needs, statements, statement, take_use);
  }
  word_set_clear(&needs->bound);
  g_hash_table_unref(needs->targets);
}

/* Names, gchar *. What is Python's own may be among them: it matters where an earlier block binds
 * it. */
static GHashTable *needs_of(const Snippet *snippet) {
  Needs needs = {.needed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
  g_autofree gchar *code = code_of(snippet);
  g_autoptr(Statements) statements = statements_read(code, strlen(code));
  names_need(statements, on_unbound, &needs);
  needs_of_order(&needs, statements);
  if (each_word(code, uses_unseen, NULL))
    each_word(code, on_word, &needs);
  return needs.needed;
}

/* --- both ------------------------------------------------------------------------------------ */

/* The last of these positions that is before one; FALSE where there is none. */
static gboolean last_before(const GArray *positions, guint before, guint *last) {
  guint low = 0, high = positions != NULL ? positions->len : 0;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (g_array_index(positions, guint, middle) < before)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == 0)
    return FALSE;
  *last = g_array_index(positions, guint, low - 1);
  return TRUE;
}

static gboolean is_word(const gchar *word, gsize length, gpointer data) {
  return strlen(data) == length && memcmp(word, data, length) == 0;
}

/* The nearest position before one that binds the name, or may. */
static gboolean binder_before(const Binders *binders, const Document *document, const gchar *name,
                              guint before, guint *nearest) {
  guint last;
  gboolean is_found = last_before(g_hash_table_lookup(binders->binders, name), before, nearest);
  if (last_before(binders->any, before, &last) && (!is_found || last > *nearest)) {
    *nearest = last;
    is_found = TRUE;
  }
  for (guint i = binders->unclear->len; i-- > 0;) {
    guint position = g_array_index(binders->unclear, guint, i);
    if (position >= before)
      continue;
    if (is_found && position <= *nearest)
      break;
    const Snippet *snippet = g_ptr_array_index(document->snippets, position);
    if (!each_word(snippet->source, is_word, (gpointer)name))
      continue;
    *nearest = position;
    is_found = TRUE;
    break;
  }
  return is_found;
}

/* What its own fixture provides comes from there. A late one is only tried where earlier blocks do
 * not do. */
static void forget_provided(GHashTable *needed, const FixtureChoice *choice) {
  if (choice == NULL || choice->fixture == NULL || choice->is_late)
    return;
  for (gchar **name = choice->names; *name != NULL; name++)
    g_hash_table_remove(needed, *name);
}

GPtrArray *sessions_of(Sessions *sessions, const Snippet *snippet) {
  const Document *document = snippet->document;
  Binders *binders = g_hash_table_lookup(sessions->documents, document);
  if (binders == NULL) {
    binders = binders_new(document);
    g_hash_table_insert(sessions->documents, (gpointer)document, binders);
  }
  GPtrArray *session = g_ptr_array_new();
  guint position = GPOINTER_TO_UINT(g_hash_table_lookup(binders->positions, snippet));
  guint reach = position - MIN(position, REACH), heading = position;
  while (heading > reach &&
         ((const Snippet *)g_ptr_array_index(document->snippets, heading - 1))->question ==
             snippet->question)
    heading--;
  if (position == 0)
    return session;

  g_autoptr(GHashTable) needed = needs_of(snippet);
  forget_provided(needed, snippet->choice);
  guint first = position;
  GHashTableIter iter;
  gpointer name;
  g_hash_table_iter_init(&iter, needed);
  while (first > reach && g_hash_table_iter_next(&iter, &name, NULL)) {
    guint nearest;
    if (binder_before(binders, document, name, position, &nearest) && nearest >= reach)
      first = MIN(first, nearest >= heading ? heading : reach);
  }
  for (guint i = first; i < position; i++)
    g_ptr_array_add(session, g_ptr_array_index(document->snippets, i));
  return session;
}

GPtrArray *session_of(const Snippet *snippet) {
  g_autoptr(Sessions) sessions = sessions_new();
  return sessions_of(sessions, snippet);
}
