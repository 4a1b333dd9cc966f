#include "bank/chance.h"

#include <string.h>

#include "bank/names.h"

typedef enum {
  CAUSE_NONE,
  CAUSE_CONSTANTS, /* the weakest first: a stronger one replaces it */
  CAUSE_ORDER,
  CAUSE_WORDING,
  CAUSE_SIZE,
  CAUSE_MACHINE,
  CAUSE_INPUT,
  CAUSE_THREADS,
  CAUSE_ADDRESS,
  CAUSE_TIME,
  CAUSE_CHANCE,
} Cause;

static const gchar *const cause_words[] = {
    [CAUSE_CONSTANTS] = "decided by which constants Python shares",
    [CAUSE_ORDER] = "decided by the order of a set",
    [CAUSE_WORDING] = "worded by this version of Python",
    [CAUSE_SIZE] = "decided by sizes in memory",
    [CAUSE_MACHINE] = "decided by the machine",
    [CAUSE_INPUT] = "decided by input or a file",
    [CAUSE_THREADS] = "decided by the order of threads",
    [CAUSE_ADDRESS] = "decided by addresses",
    [CAUSE_TIME] = "decided by time",
    [CAUSE_CHANCE] = "decided by chance",
};

typedef enum {
  WHERE_ANY,
  WHERE_CALL,      /* name( and no '.' before it */
  WHERE_CALLED,    /* name( also behind a '.' */
  WHERE_ATTRIBUTE, /* .name */
  WHERE_OWNER,     /* name. */
} Where;

typedef struct {
  const gchar *word;
  Cause cause;
  Where where;
} Source;

/* In strcmp() order. */
static const Source sources[] = {
    {"Path", CAUSE_MACHINE, WHERE_ANY},         {"ProcessPoolExecutor", CAUSE_THREADS, WHERE_ANY},
    {"Thread", CAUSE_THREADS, WHERE_ANY},       {"ThreadPoolExecutor", CAUSE_THREADS, WHERE_ANY},
    {"__builtins__", CAUSE_MACHINE, WHERE_ANY}, {"__file__", CAUSE_MACHINE, WHERE_ANY},
    {"__sizeof__", CAUSE_SIZE, WHERE_ANY},      {"asyncio", CAUSE_THREADS, WHERE_ANY},
    {"clock", CAUSE_TIME, WHERE_ATTRIBUTE},     {"concurrent", CAUSE_THREADS, WHERE_ANY},
    {"copyright", CAUSE_MACHINE, WHERE_CALL},   {"cpu_count", CAUSE_MACHINE, WHERE_ANY},
    {"ctime", CAUSE_TIME, WHERE_ANY},           {"cwd", CAUSE_MACHINE, WHERE_CALLED},
    {"dir", CAUSE_MACHINE, WHERE_CALL},         {"dis", CAUSE_MACHINE, WHERE_ANY},
    {"environ", CAUSE_MACHINE, WHERE_ANY},      {"fromtimestamp", CAUSE_TIME, WHERE_ANY},
    {"frozenset", CAUSE_ORDER, WHERE_CALL},     {"gc", CAUSE_SIZE, WHERE_ANY},
    {"getcwd", CAUSE_MACHINE, WHERE_ANY},       {"getpass", CAUSE_INPUT, WHERE_ANY},
    {"getpid", CAUSE_MACHINE, WHERE_ANY},       {"getrecursionlimit", CAUSE_MACHINE, WHERE_ANY},
    {"getrefcount", CAUSE_SIZE, WHERE_ANY},     {"getsizeof", CAUSE_SIZE, WHERE_ANY},
    {"glob", CAUSE_MACHINE, WHERE_ANY},         {"globals", CAUSE_MACHINE, WHERE_CALL},
    {"gmtime", CAUSE_TIME, WHERE_ANY},          {"hash", CAUSE_ADDRESS, WHERE_CALL},
    {"help", CAUSE_MACHINE, WHERE_CALL},        {"home", CAUSE_MACHINE, WHERE_CALLED},
    {"http", CAUSE_MACHINE, WHERE_ANY},         {"id", CAUSE_ADDRESS, WHERE_CALL},
    {"input", CAUSE_INPUT, WHERE_CALL},         {"locale", CAUSE_MACHINE, WHERE_ANY},
    {"locals", CAUSE_MACHINE, WHERE_CALL},      {"localtime", CAUSE_TIME, WHERE_ANY},
    {"memory_usage", CAUSE_SIZE, WHERE_ANY},    {"monotonic", CAUSE_TIME, WHERE_ANY},
    {"monotonic_ns", CAUSE_TIME, WHERE_ANY},    {"multiprocessing", CAUSE_THREADS, WHERE_ANY},
    {"now", CAUSE_TIME, WHERE_ATTRIBUTE},       {"open", CAUSE_INPUT, WHERE_CALLED},
    {"os", CAUSE_MACHINE, WHERE_ANY},           {"perf_counter", CAUSE_TIME, WHERE_ANY},
    {"perf_counter_ns", CAUSE_TIME, WHERE_ANY}, {"platform", CAUSE_MACHINE, WHERE_ANY},
    {"process_time", CAUSE_TIME, WHERE_ANY},    {"psutil", CAUSE_MACHINE, WHERE_ANY},
    {"random", CAUSE_CHANCE, WHERE_ANY},        {"requests", CAUSE_MACHINE, WHERE_ANY},
    {"resource", CAUSE_SIZE, WHERE_OWNER},      {"secrets", CAUSE_CHANCE, WHERE_ANY},
    {"set", CAUSE_ORDER, WHERE_CALL},           {"shutil", CAUSE_MACHINE, WHERE_ANY},
    {"signal", CAUSE_TIME, WHERE_OWNER},        {"socket", CAUSE_MACHINE, WHERE_ANY},
    {"stdin", CAUSE_INPUT, WHERE_ATTRIBUTE},    {"strftime", CAUSE_TIME, WHERE_OWNER},
    {"subprocess", CAUSE_MACHINE, WHERE_ANY},   {"sys", CAUSE_MACHINE, WHERE_OWNER},
    {"tempfile", CAUSE_MACHINE, WHERE_ANY},     {"thread", CAUSE_THREADS, WHERE_OWNER},
    {"threading", CAUSE_THREADS, WHERE_ANY},    {"time", CAUSE_TIME, WHERE_CALLED},
    {"time_ns", CAUSE_TIME, WHERE_ANY},         {"timeit", CAUSE_TIME, WHERE_ANY},
    {"today", CAUSE_TIME, WHERE_ATTRIBUTE},     {"tracemalloc", CAUSE_SIZE, WHERE_ANY},
    {"urandom", CAUSE_CHANCE, WHERE_ANY},       {"urllib", CAUSE_MACHINE, WHERE_ANY},
    {"utcnow", CAUSE_TIME, WHERE_ATTRIBUTE},    {"uuid", CAUSE_CHANCE, WHERE_ANY},
    {"uuid1", CAUSE_CHANCE, WHERE_ANY},         {"uuid4", CAUSE_CHANCE, WHERE_ANY},
    {"vars", CAUSE_MACHINE, WHERE_CALL},
};

typedef struct {
  Cause cause;
  const gchar *word; /* into the source */
  gsize length;
} Mark;

struct Chance {
  const Statements *statements;
  Mark *marks;         /* one a statement; NULL where nothing is undecided */
  Mark threads;        /* with threads in play nothing behind them is certain */
  guint threads_first; /* index of the first statement that mentions them */
  GHashTable *names;   /* PythonToken -> Mark, of names with an undecided value; or NULL */
};

static const Source *source_find(const PythonToken *token) {
  gsize low = 0, high = G_N_ELEMENTS(sources);
  while (low < high) {
    gsize middle = (low + high) / 2;
    const gchar *word = sources[middle].word;
    gint order = 0;
    for (gsize i = 0; i < token->length && order == 0; i++)
      order = (guchar)token->start[i] - (guchar)word[i];
    if (order == 0 && word[token->length] == '\0')
      return &sources[middle];
    if (order <= 0)
      high = middle;
    else
      low = middle + 1;
  }
  return NULL;
}

gboolean chance_knows(const PythonToken *word) {
  return source_find(word) != NULL || token_is(word, "is") || token_is(word, "except");
}

static gboolean is_sign(const PythonToken *token, gchar sign) {
  return token->kind == TOKEN_OPERATOR && token->length == 1 && token->start[0] == sign;
}

static gboolean is_constant(const PythonToken *token) {
  return token->kind == TOKEN_NUMBER || token->kind == TOKEN_STRING;
}

static gboolean names_singleton(const PythonToken *token) {
  static const gchar *const words[] = {"None", "True", "False", "Ellipsis", "NotImplemented"};
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (token_is(token, words[i]))
      return TRUE;
  return FALSE;
}

/* sys.stdout.write("x") says nothing about the machine. */
static gboolean is_plain_sys(const PythonToken *attribute) {
  return token_is(attribute, "stdout") || token_is(attribute, "stderr") ||
         token_is(attribute, "exit") || token_is(attribute, "setrecursionlimit");
}

static gboolean fits(const Source *source, const PythonToken *before, const PythonToken *after,
                     const PythonToken *second) {
  switch (source->where) {
  case WHERE_ANY:
    return TRUE;
  case WHERE_CALL:
    return is_sign(after, '(') && !is_sign(before, '.') && !token_is(before, "def");
  case WHERE_CALLED:
    return is_sign(after, '(') && !token_is(before, "def");
  case WHERE_ATTRIBUTE:
    return is_sign(before, '.');
  case WHERE_OWNER:
    return is_sign(after, '.') && !(source->cause == CAUSE_MACHINE && is_plain_sys(second));
  }
  return FALSE;
}

static gboolean mark_with(Mark *mark, Cause cause, const gchar *word, gsize length) {
  if (cause <= mark->cause)
    return FALSE;
  *mark = (Mark){.cause = cause, .word = word, .length = length};
  return TRUE;
}

/* What the token at the window's middle brings in by itself. */
static Cause cause_of(const PythonToken window[4]) {
  const PythonToken *before = &window[0], *token = &window[1], *after = &window[2];
  if (token->kind == TOKEN_NAME) {
    const Source *source = source_find(token);
    if (source != NULL && fits(source, before, after, &window[3]))
      return source->cause;
    if (token_is(token, "is")) {
      const PythonToken *right = token_is(after, "not") ? &window[3] : after;
      if (is_constant(before) || is_constant(right))
        return CAUSE_CONSTANTS;
    }
  } else if (is_sign(token, '{') && after->kind == TOKEN_STRING &&
             (is_sign(&window[3], ',') || is_sign(&window[3], '}'))) {
    return CAUSE_ORDER;
  }
  return CAUSE_NONE;
}

/* Marks the statements that bring something in; TRUE where one does, or where
 * identities or caught exceptions ask for a closer look. has_is is set where the
 * code compares identities. */
static gboolean mark_sources(Chance *chance, gboolean *has_is) {
  NameScanner scanner;
  PythonToken window[4] = {{0}};
  guint index = 0, seen = 0;
  gboolean any = FALSE;
  guint count = chance->statements->statements->len;
  name_scanner_init(&scanner, chance->statements);
  gboolean goes_on = TRUE;
  guint left = 3;
  while (goes_on || left > 0) {
    PythonToken token = {.kind = TOKEN_END, .start = ""};
    do
      goes_on = goes_on && name_scanner_next(&scanner, &token);
    while (goes_on && token.kind == TOKEN_COMMENT);
    if (!goes_on) {
      token = (PythonToken){.kind = TOKEN_END, .start = ""};
      left--;
    }
    memmove(window, window + 1, sizeof window - sizeof window[0]);
    window[3] = token;
    *has_is = *has_is || (token.kind == TOKEN_NAME && token_is(&token, "is"));
    if (++seen < 3 || index >= count)
      continue;
    const PythonToken *now = &window[1];
    if (now->kind == TOKEN_NEWLINE) {
      index++;
      continue;
    }
    if (now->kind == TOKEN_NAME &&
        (token_is(now, "is") || (token_is(now, "as") && window[0].kind != TOKEN_END)))
      any = TRUE;
    Cause cause = now->start != NULL ? cause_of(window) : CAUSE_NONE;
    if (cause == CAUSE_NONE)
      continue;
    any = TRUE;
    if (chance->marks == NULL)
      chance->marks = g_new0(Mark, count);
    mark_with(&chance->marks[index], cause, now->start, now->length);
    if (cause == CAUSE_THREADS && chance->threads.cause == CAUSE_NONE) {
      chance->threads = chance->marks[index];
      chance->threads_first = index;
    }
  }
  return any;
}

/* --- following names ----------------------------------------------------- */

typedef struct {
  Chance *chance;
  GHashTable *names; /* PythonToken -> Mark, of names with an undecided value */
  guint names_changes;
  gboolean changed;
} Tracer;

static void name_mark(Tracer *tracer, const PythonToken *name, const Mark *mark) {
  Mark *known = g_hash_table_lookup(tracer->names, name);
  if (known == NULL) {
    known = g_new0(Mark, 1);
    g_hash_table_insert(tracer->names, g_memdup2(name, sizeof *name), known);
  }
  if (mark_with(known, mark->cause, mark->word, mark->length)) {
    tracer->changed = TRUE;
    tracer->names_changes++;
  }
}

/* Marks the names that a statement binds. */
static void names_bind(Tracer *tracer, const Statement *statement, const Mark *mark) {
  const PythonToken *tokens =
      &g_array_index(tracer->chance->statements->tokens, PythonToken, statement->first_token);
  PythonToken before = {.kind = TOKEN_END};
  guint position = 0;
  gboolean is_binding = statement->kind == STATEMENT_ASSIGNMENT;
  for (guint i = 0; i < statement->token_count; i++) {
    PythonToken token = tokens[i];
    if (token.kind == TOKEN_COMMENT)
      continue;
    position++;
    if (token.kind == TOKEN_NAME) {
      gboolean is_word = python_is_keyword(token.start, token.length);
      if (statement->kind == STATEMENT_BLOCK && token_is(&token, "for"))
        is_binding = TRUE;
      else if (statement->kind == STATEMENT_BLOCK && token_is(&token, "in"))
        is_binding = FALSE;
      else if (statement->kind == STATEMENT_IMPORT && token_is(&token, "import"))
        is_binding = TRUE;
      else if (!is_word && !is_sign(&before, '.') &&
               (is_binding || (before.kind == TOKEN_NAME && token_is(&before, "as"))))
        name_mark(tracer, &token, mark);
      else if (before.kind == TOKEN_NAME &&
               (token_is(&before, "def") || token_is(&before, "class")))
        name_mark(tracer, &token, mark);
    } else if (token.kind == TOKEN_OPERATOR) {
      if (statement->kind == STATEMENT_ASSIGNMENT && token.depth == 0 &&
          token.start[token.length - 1] == '=' && token.length <= 3)
        is_binding = FALSE;
      if (token.length == 2 && token.start[0] == ':' && before.kind == TOKEN_NAME)
        name_mark(tracer, &before, mark);
      /* items.append(x) changes items. */
      if (statement->kind == STATEMENT_EXPRESSION && position == 2 && is_sign(&token, '.') &&
          before.kind == TOKEN_NAME)
        name_mark(tracer, &before, mark);
    }
    before = token;
  }
}

/* Takes over the marks of the names that a statement uses. */
static void names_use(Tracer *tracer, const Statement *statement, Mark *mark) {
  NameScanner scanner;
  PythonToken token, before = {.kind = TOKEN_END};
  name_scanner_init_statement(&scanner, tracer->chance->statements, statement);
  while (name_scanner_next(&scanner, &token)) {
    if (token.kind == TOKEN_NAME) {
      const Mark *known = is_sign(&before, '.') ? NULL : g_hash_table_lookup(tracer->names, &token);
      if (known != NULL && mark_with(mark, known->cause, known->word, known->length))
        tracer->changed = TRUE;
    }
    before = token;
  }
}

static const Statement *statement_at(const Chance *chance, guint index) {
  return &g_array_index(chance->statements->statements, Statement, index);
}

/* The exception that `except X as e` names carries Python's own wording. */
static void mark_caught(Tracer *tracer, const Statement *statement) {
  PythonScanner scanner;
  PythonToken token, before = {.kind = TOKEN_END};
  python_scanner_init(&scanner, statement->start, statement->length);
  while (python_scanner_next(&scanner, &token)) {
    if (before.kind == TOKEN_NAME && token.kind == TOKEN_NAME && token_is(&before, "as")) {
      Mark mark = {.cause = CAUSE_WORDING, .word = token.start, .length = token.length};
      name_mark(tracer, &token, &mark);
    }
    before = token;
  }
}

/* What a statement was last gone through with: it gives nothing new as long as
 * that is the same. */
typedef struct {
  guint names_changes;
  Cause cause;
} Visit;

static void follow(Chance *chance, Tracer *tracer) {
  guint count = chance->statements->statements->len;
  g_autofree Visit *visits = g_new0(Visit, count);
  for (guint i = 0; i < count; i++) {
    const Statement *statement = statement_at(chance, i);
    if (statement->kind == STATEMENT_BLOCK && statement->length > 6 &&
        memcmp(statement->start, "except", 6) == 0)
      mark_caught(tracer, statement);
  }
  tracer->changed = TRUE;
  for (guint pass = 0; pass < 6 && tracer->changed; pass++) {
    tracer->changed = FALSE;
    for (guint i = 0; i < count; i++) {
      Mark *mark = &chance->marks[i];
      const Statement *statement = statement_at(chance, i);
      Visit *visit = &visits[i];
      if (visit->names_changes != tracer->names_changes)
        names_use(tracer, statement, mark);
      visit->names_changes = tracer->names_changes;
      if (mark->cause == visit->cause)
        continue;
      visit->cause = mark->cause;
      names_bind(tracer, statement, mark);
      for (gint parent = statement->parent; parent >= 0;
           parent = statement_at(chance, (guint)parent)->parent) {
        const Statement *header = statement_at(chance, (guint)parent);
        if (header->kind == STATEMENT_DEF || header->kind == STATEMENT_CLASS)
          names_bind(tracer, header, mark);
      }
    }
  }
}

/* TRUE where all that stands right of the first '=' are constants and names that
 * hold one. */
static gboolean gives_constant(const Statement *statement, GHashTable *constants) {
  static const gchar *const makers[] = {"int", "str", "float", "tuple", "bytes", "len"};
  PythonScanner scanner;
  PythonToken token;
  gboolean is_right = FALSE, any = FALSE;
  python_scanner_init(&scanner, statement->start, statement->length);
  while (python_scanner_next(&scanner, &token)) {
    if (!is_right) {
      is_right = token.kind == TOKEN_OPERATOR && token.length == 1 && token.start[0] == '=';
      continue;
    }
    if (token.kind == TOKEN_OPERATOR && (token.start[0] == '[' || token.start[0] == '{'))
      return FALSE;
    if (token.kind == TOKEN_NAME && !g_hash_table_contains(constants, &token)) {
      gboolean makes = FALSE;
      for (gsize i = 0; i < G_N_ELEMENTS(makers); i++)
        makes = makes || token_is(&token, makers[i]);
      if (!makes)
        return FALSE;
    }
    any = any || is_constant(&token) || token.kind == TOKEN_NAME || is_sign(&token, '(');
  }
  return any;
}

static gboolean compares_identity(const Statement *statement, GHashTable *constants) {
  PythonScanner scanner;
  PythonToken token, before = {.kind = TOKEN_END};
  gboolean has_is = FALSE, has_constant = FALSE;
  python_scanner_init(&scanner, statement->start, statement->length);
  while (python_scanner_next(&scanner, &token)) {
    if (token.kind == TOKEN_NAME && before.kind == TOKEN_NAME && token_is(&before, "is"))
      has_is = has_is || !names_singleton(&token);
    else if (before.kind == TOKEN_NAME && token_is(&before, "is"))
      has_is = TRUE;
    if (token.kind == TOKEN_NAME && g_hash_table_contains(constants, &token))
      has_constant = TRUE;
    before = token;
  }
  return has_is && has_constant;
}

static void mark_identities(Chance *chance) {
  guint count = chance->statements->statements->len;
  g_autoptr(GHashTable) constants = g_hash_table_new_full(name_hash, name_equal, g_free, NULL);
  for (guint pass = 0; pass < 2; pass++) {
    for (guint i = 0; i < count; i++) {
      const Statement *statement = statement_at(chance, i);
      if (statement->kind != STATEMENT_ASSIGNMENT || !gives_constant(statement, constants))
        continue;
      PythonScanner scanner;
      PythonToken token;
      python_scanner_init(&scanner, statement->start, statement->length);
      while (python_scanner_next(&scanner, &token) &&
             !(token.kind == TOKEN_OPERATOR && token.start[token.length - 1] == '='))
        if (token.kind == TOKEN_NAME)
          g_hash_table_add(constants, g_memdup2(&token, sizeof token));
    }
  }
  if (g_hash_table_size(constants) == 0)
    return;
  for (guint i = 0; i < count; i++) {
    const Statement *statement = statement_at(chance, i);
    if (compares_identity(statement, constants))
      mark_with(&chance->marks[i], CAUSE_CONSTANTS, "is", 2);
  }
}

Chance *chance_read(const Statements *statements) {
  Chance *chance = g_new0(Chance, 1);
  chance->statements = statements;
  gboolean has_is = FALSE;
  if (!mark_sources(chance, &has_is))
    return chance;
  if (chance->marks == NULL)
    chance->marks = g_new0(Mark, statements->statements->len);
  chance->names = g_hash_table_new_full(name_hash, name_equal, g_free, g_free);
  Tracer tracer = {.chance = chance, .names = chance->names};
  if (has_is)
    mark_identities(chance);
  follow(chance, &tracer);
  return chance;
}

static gchar *reason_of(const Mark *mark) {
  return g_strdup_printf("%s: %.*s", cause_words[mark->cause], (int)MIN(mark->length, 40u),
                         mark->word);
}

/* The order of a set does not touch its size, its members or their count. */
static gboolean order_matters(const gchar *expected) {
  return expected == NULL ||
         !(expected[0] == '{' || g_str_has_prefix(expected, "set(") ||
           g_str_has_prefix(expected, "frozenset(") || g_str_has_prefix(expected, "True") ||
           g_str_has_prefix(expected, "False") || g_ascii_isdigit(expected[0]));
}

gchar *chance_reason(const Chance *chance, guint statement, const gchar *expected) {
  if (chance->marks == NULL || statement >= chance->statements->statements->len)
    return NULL;
  const Mark *mark = &chance->marks[statement];
  if (mark->cause == CAUSE_ORDER && !order_matters(expected))
    mark = NULL;
  if (mark != NULL && mark->cause != CAUSE_NONE)
    return reason_of(mark);
  if (chance->threads.cause != CAUSE_NONE && statement > chance->threads_first)
    return reason_of(&chance->threads);
  return NULL;
}

gchar *chance_reason_of_name(const Chance *chance, const gchar *name, gsize length, gint statement,
                             const gchar *expected) {
  PythonToken token = {.kind = TOKEN_NAME, .start = name, .length = length};
  const Mark *mark = chance->names != NULL ? g_hash_table_lookup(chance->names, &token) : NULL;
  if (mark != NULL && mark->cause != CAUSE_NONE &&
      !(mark->cause == CAUSE_ORDER && !order_matters(expected)))
    return reason_of(mark);
  if (chance->threads.cause != CAUSE_NONE && statement > (gint)chance->threads_first)
    return reason_of(&chance->threads);
  return NULL;
}

gchar *chance_reason_of_all(const Chance *chance) {
  if (chance->marks == NULL)
    return NULL;
  const Mark *strongest = chance->threads.cause != CAUSE_NONE ? &chance->threads : NULL;
  for (guint i = 0; i < chance->statements->statements->len; i++) {
    const Statement *statement = statement_at(chance, i);
    const Mark *mark = &chance->marks[i];
    if ((statement->kind == STATEMENT_PRINT || statement->kind == STATEMENT_EXPRESSION) &&
        mark->cause != CAUSE_NONE && (strongest == NULL || mark->cause > strongest->cause))
      strongest = mark;
  }
  return strongest != NULL ? reason_of(strongest) : NULL;
}

void chance_free(Chance *chance) {
  if (chance == NULL)
    return;
  g_clear_pointer(&chance->names, g_hash_table_unref);
  g_free(chance->marks);
  g_free(chance);
}
