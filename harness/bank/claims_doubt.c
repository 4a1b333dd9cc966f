#include "bank/claims_doubt.h"

#include <stdlib.h>
#include <string.h>

#include "bank/value.h"

#define A_FEW_WORDS 4

/* --- words ------------------------------------------------------------------- */

static gboolean is_word_char(gchar character) {
  return g_ascii_isalnum(character) || character == '_' || character == '\'';
}

/* The next word at or after *at, which is moved to it; 0 at the end. Marks and signs
 * that are not ASCII (arrows, ticks) are no words. */
static gsize word_next(const gchar **at, const gchar *end) {
  while (*at < end && !is_word_char(**at))
    (*at)++;
  gsize length = 0;
  while (*at + length < end && is_word_char((*at)[length]))
    length++;
  return length;
}

static gboolean is_among(const gchar *word, gsize length, const gchar *const *words) {
  for (; *words != NULL; words++)
    if (strlen(*words) == length && g_ascii_strncasecmp(*words, word, length) == 0)
      return TRUE;
  return FALSE;
}

static gboolean words_are_among(const gchar *text, gsize size, const gchar *const *words) {
  const gchar *at = text, *end = text + size;
  for (gsize length; (length = word_next(&at, end)) > 0; at += length)
    if (!is_among(at, length, words))
      return FALSE;
  return TRUE;
}

static gboolean has_word_among(const gchar *text, gsize size, const gchar *const *words) {
  const gchar *at = text, *end = text + size;
  for (gsize length; (length = word_next(&at, end)) > 0; at += length)
    if (is_among(at, length, words))
      return TRUE;
  return FALSE;
}

static guint count_words(const gchar *text) {
  const gchar *at = text, *end = text + strlen(text);
  guint count = 0;
  for (gsize length; (length = word_next(&at, end)) > 0; at += length)
    count++;
  return count;
}

/* --- the code around a claim --------------------------------------------------- */

/* How many statements begin on a line or above it. */
static guint count_up_to(const Script *script, guint line) {
  guint low = 0, high = script->statements->statements->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (script_statement(script, (gint)middle)->first_line <= line)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* The index of the last statement that begins on a line; -1 for none. */
static gint statement_on(const Script *script, guint line) {
  gint last = (gint)count_up_to(script, line) - 1;
  return last >= 0 && script_statement(script, last)->first_line == line ? last : -1;
}

/* The first that begins below a line; -1 for none. */
static gint statement_below(const Script *script, guint line) {
  guint count = count_up_to(script, line);
  return count < script->statements->statements->len ? (gint)count : -1;
}

static gboolean begins_with(const Statement *statement, const gchar *word) {
  gsize length = strlen(word);
  return statement->length > length && memcmp(statement->start, word, length) == 0 &&
         !is_word_char(statement->start[length]);
}

static gboolean is_in_handler(const Script *script, gint index) {
  for (index = script_statement(script, index)->parent; index >= 0;
       index = script_statement(script, index)->parent)
    if (begins_with(script_statement(script, index), "except"))
      return TRUE;
  return FALSE;
}

static gboolean is_in_function(const Script *script, gint index) {
  return (script_statement(script, index)->place & PLACE_FUNCTION) != 0;
}

static const PythonToken *tokens_of(const Statements *statements, const Statement *statement) {
  return &g_array_index(statements->tokens, PythonToken, statement->first_token);
}

static gboolean statement_has(const Statement *statement, const gchar *text) {
  return g_strstr_len(statement->start, (gssize)statement->length, text) != NULL;
}

/* x = ..., not x[0] = ... or x.y = ... */
static gboolean binds_plainly(const Script *script, const Statement *statement) {
  const PythonToken *tokens = tokens_of(script->statements, statement);
  return statement->token_count > 1 &&
         (token_is(&tokens[1], "=") || token_is(&tokens[1], ":") || token_is(&tokens[1], ","));
}

/* x += 1 */
static gboolean is_augmented(const Script *script, const Statement *statement) {
  static const gchar *const signs[] = {
      "+=", "-=", "*=", "/=", "//=", "%=", "**=", "@=", "&=", "|=", "^=", ">>=", "<<=", NULL};
  const PythonToken *tokens = tokens_of(script->statements, statement);
  for (guint i = 0; i < statement->token_count; i++)
    if (tokens[i].kind == TOKEN_OPERATOR && is_among(tokens[i].start, tokens[i].length, signs))
      return TRUE;
  return FALSE;
}

/* Parameters of functions, and variables that they bind. */
static void read_locals(Script *script) {
  word_set_init(&script->locals, FALSE);
  script->knows_locals = TRUE;
  for (guint i = 0; i < script->statements->statements->len; i++) {
    const Statement *statement = script_statement(script, (gint)i);
    const PythonToken *tokens = tokens_of(script->statements, statement);
    gboolean is_inner = (statement->place & PLACE_FUNCTION) != 0;
    if (statement->kind != STATEMENT_DEF && !is_inner)
      continue;
    guint last = statement->kind == STATEMENT_DEF ? statement->token_count : 1;
    for (guint k = 0; k < last && k < statement->token_count; k++)
      if (tokens[k].kind == TOKEN_NAME)
        word_set_add(&script->locals, tokens[k].start, tokens[k].length);
  }
}

static gboolean is_local_somewhere(Script *script, const gchar *name) {
  if (!script->knows_locals)
    read_locals(script);
  return word_set_find(&script->locals, name, strlen(name)) != NULL;
}

/* --- exceptions ----------------------------------------------------------------- */

/* "f(1)" */
static gboolean has_call(const gchar *text) {
  for (const gchar *at = text; (at = strchr(at, '(')) != NULL; at++)
    if (at > text && is_word_char(at[-1]))
      return TRUE;
  return FALSE;
}

/* Names and constants alone raise nothing but that a name is missing; print() raises
 * nothing by itself. */
static gboolean may_raise(const Statement *statement) {
  gsize from = statement->kind == STATEMENT_PRINT ? strlen("print(") : 0;
  for (gsize i = from; i < statement->length; i++)
    if (strchr("([./+-*%@", statement->start[i]) != NULL)
      return TRUE;
  return statement->kind == STATEMENT_RAISE || begins_with(statement, "assert") ||
         begins_with(statement, "del") || begins_with(statement, "import") ||
         begins_with(statement, "from");
}

/* "Would raise a TypeError: message", and nothing that could make it another case. */
static gboolean exception_is_plain(const gchar *text, const gchar *name) {
  static const gchar *const before[] = {
      "this",      "that",   "it",      "which",    "here",   "will",  "would", "should", "must",
      "does",      "raise",  "raises",  "throw",    "throws", "give",  "gives", "get",    "gets",
      "a",         "an",     "the",     "error",    "now",    "also",  "again", "always", "cause",
      "causes",    "result", "results", "in",       "fail",   "fails", "with",  "crash",  "crashes",
      "exception", "no",     "not",     "allowed",  "boom",   "bang",  "oops",  "and",    "so",
      "line",      "is",     "an",      "builtins", "output", NULL};
  static const gchar *const hedges[] = {
      "when",  "if",     "unless",    "until",     "while",     "for",    "on",      "as",
      "or",    "catch",  "catches",   "caught",    "handled",   "handle", "might",   "may",
      "could", "python", "depending", "otherwise", "elsewhere", "later",  "earlier", "before",
      "after", "case",   "raises",    "raise",     NULL};
  static const gchar *const behind[] = {"here",      "now",     "again", "too",  "error",
                                        "exception", "because", "as",    "well", "is",
                                        "raised",    "thrown",  NULL};
  static const gchar *const if_run[] = {"if uncommented", "when uncommented", "if you uncomment",
                                        "if executed", "if run"};
  const gchar *at = strstr(text, name);
  if (at == NULL)
    return FALSE;
  const gchar *lead_end = at;
  while (lead_end > text && (g_ascii_isalnum(lead_end[-1]) || strchr("_.", lead_end[-1]) != NULL))
    lead_end--; /* json.JSONDecodeError */
  if (!words_are_among(text, (gsize)(lead_end - text), before))
    return FALSE;
  const gchar *rest = at + strlen(name);
  rest += strspn(rest, " '`\")");
  for (gsize i = 0; i < G_N_ELEMENTS(if_run); i++)
    if (g_str_has_prefix(rest, if_run[i]))
      return TRUE;
  gsize size = strlen(rest);
  if (size == 0 || words_are_among(rest, size, behind))
    return strstr(rest, "->") == NULL && strstr(rest, "\xe2\x86\x92") == NULL;
  if (strchr(":(-,.!;", rest[0]) == NULL && !g_str_has_prefix(rest, "\xe2\x80\x94") &&
      !g_str_has_prefix(rest, "\xe2\x80\x93") && !g_str_has_prefix(rest, "because"))
    return FALSE;
  static const gchar *const cases[] = {"when", "if", "case", "unless", "otherwise", NULL};
  return strstr(rest, "->") == NULL && strstr(rest, "\xe2\x86\x92") == NULL &&
         !has_word_among(rest, size, rest[0] == ':' ? cases : hedges) &&
         (rest[0] == ':' || !has_call(rest));
}

static gboolean is_of_other_code(const gchar *name) {
  static const gchar *const names[] = {"GeneratorExit", "CancelledError", "StopAsyncIteration",
                                       NULL};
  return g_strv_contains(names, name);
}

static void doubt_exception(const Script *script, Claim *claim) {
  const gchar *name = claim->expected;
  if (strchr(claim->text, '\n') == NULL && !exception_is_plain(claim->text, name))
    claim_doubt(claim, g_strdup("may speak of another case"));
  if (is_of_other_code(name))
    claim_doubt(claim, g_strdup("is raised in other code"));
  if (claim->code != NULL) {
    if (strcmp(name, "UnboundLocalError") == 0)
      claim_doubt(claim, g_strdup("what stands below decides it"));
    gint below = statement_below(script, claim->code_line);
    gint around = below >= 0 ? below : (gint)script->statements->statements->len - 1;
    if (around >= 0 && claim->column > 0 && strcmp(name, "RuntimeError") == 0)
      claim_doubt(claim, g_strdup("the next round of a loop may raise it"));
    return;
  }
  gint index = statement_on(script, claim->first_line);
  if (index < 0)
    return;
  const Statement *statement = script_statement(script, index);
  if (!may_raise(statement) && strcmp(name, "NameError") != 0 &&
      strcmp(name, "UnboundLocalError") != 0)
    claim_doubt(claim, g_strdup("stands on what raises nothing"));
  if (statement->kind == STATEMENT_PRINT && strchr(claim->text, ':') != NULL)
    claim_doubt(claim, g_strdup("may be what is printed"));
  if (is_in_handler(script, index))
    claim_doubt(claim, g_strdup("stands where an exception is handled"));
  if (statement->kind != STATEMENT_RAISE &&
      (statement_has(statement, name) || statement_has(statement, "Exception") ||
       statement_has(statement, "exception") || statement_has(statement, "Error(")))
    claim_doubt(claim, g_strdup("may be a value"));
  if (statement->kind == STATEMENT_ASSIGNMENT && strstr(claim->text, "aise") == NULL &&
      binds_plainly(script, statement))
    claim_doubt(claim, g_strdup("may be a value"));
}

/* --- hanging and working ----------------------------------------------------------- */

static void doubt_hang(const Script *script, Claim *claim) {
  static const gchar *const words[] = {
      "this",     "will",      "would",      "hang",    "hangs",  "here", "forever",
      "deadlock", "deadlocks", "deadlocked", "block",   "blocks", "wait", "waits",
      "the",      "a",         "program",    "it",      "now",    "and",  "is",
      "itself",   "thread",    "never",      "returns", "causes", NULL};
  static const gchar *const signs[] = {"hang",       "hangs",   "deadlock", "deadlocks",
                                       "deadlocked", "forever", NULL};
  gsize size = strlen(claim->text);
  if (!words_are_among(claim->text, size, words) || !has_word_among(claim->text, size, signs))
    claim_doubt(claim, g_strdup("may speak of another case"));
  gint index = statement_on(script, claim->first_line);
  if (index >= 0 && (script_statement(script, index)->kind == STATEMENT_ASSIGNMENT ||
                     script_statement(script, index)->kind == STATEMENT_PRINT))
    claim_doubt(claim, g_strdup("may speak of what is done next"));
}

static void doubt_works(const Script *script, Claim *claim) {
  static const gchar *const words[] = {
      "this",    "that",     "it",        "works",   "work",      "worked",     "fine",    "ok",
      "okay",    "no",       "error",     "errors",  "exception", "exceptions", "problem", "valid",
      "allowed", "legal",    "perfectly", "still",   "also",      "too",        "as",      "well",
      "good",    "correct",  "just",      "is",      "raised",    "here",       "yes",     "runs",
      "passes",  "expected", "does",      "doesn't", "not",       "raise",      NULL};
  const gchar *with = strstr(claim->text, " with ");
  gsize size =
      with != NULL && count_words(with) == 2 ? (gsize)(with - claim->text) : strlen(claim->text);
  if (!words_are_among(claim->text, size, words))
    claim_doubt(claim, g_strdup("more is said than that it works"));
  gint index = statement_on(script, claim->first_line);
  if (index < 0 || claim->code != NULL)
    return;
  const Statement *statement = script_statement(script, index);
  if (statement->kind == STATEMENT_RAISE || begins_with(statement, "assert"))
    claim_doubt(claim, g_strdup("stands on what is meant to raise"));
}

/* --- variables ---------------------------------------------------------------------- */

/* "args is a tuple: (1, 2)" */
static gboolean says_what_it_is(const gchar *text) {
  return strstr(text, " is a ") != NULL || strstr(text, " is an ") != NULL ||
         strstr(text, " becomes a ") != NULL;
}

/* "x = 3", "x is now 3"; not "x is 3", "x == 3", which often tell cases apart. */
static gboolean says_it_has(const gchar *text) {
  const gchar *sign = strchr(text, '=');
  return strstr(text, " is now ") != NULL || strstr(text, ": ") != NULL ||
         (sign != NULL && sign[1] != '=' && (sign == text || strchr("!<>=", sign[-1]) == NULL));
}

static gboolean tells_cases_apart(const Statement *statement) {
  static const gchar *const words[] = {"if", "elif", "else", "while", "match", "case", "except"};
  for (gsize i = 0; statement->kind == STATEMENT_BLOCK && i < G_N_ELEMENTS(words); i++)
    if (begins_with(statement, words[i]))
      return TRUE;
  return FALSE;
}

static void doubt_named(Script *script, Claim *claim) {
  gint below = statement_below(script, claim->line);
  gint own = claim->first_line != 0 ? statement_on(script, claim->first_line) : -1;
  gint index = own >= 0 ? own : below;
  gboolean is_alone = statement_on(script, claim->line) < 0;
  if (index < 0)
    return;
  if (is_alone && below >= 0 && tells_cases_apart(script_statement(script, below)))
    claim_doubt(claim, g_strdup("may speak of the block below it"));
  if (!is_alone && script_statement(script, index)->kind != STATEMENT_ASSIGNMENT)
    claim_doubt(claim, g_strdup("may speak of a variable in what is called"));
  if (is_in_function(script, index)) {
    if (!says_what_it_is(claim->text))
      claim_doubt(claim, g_strdup("may be an example of another call"));
  } else if (is_local_somewhere(script, claim->names)) {
    claim_doubt(claim, g_strdup("may speak of a function's own variable"));
  } else if (!says_what_it_is(claim->text) && !says_it_has(claim->text)) {
    claim_doubt(claim, g_strdup("may tell a case from others"));
  }
}

static void doubt_assigned(const Script *script, Claim *claim) {
  gint index = statement_on(script, claim->first_line);
  if (index < 0 || script_statement(script, index)->kind != STATEMENT_ASSIGNMENT)
    return;
  const Statement *statement = script_statement(script, index);
  gsize digits = strspn(claim->expected, "0123456789");
  gsize size = strlen(claim->expected);
  if (is_augmented(script, statement))
    claim_doubt(claim, g_strdup("may say what is added"));
  if (digits == size && size == 1 && statement_has(statement, "("))
    claim_doubt(claim, g_strdup("may number the lines"));
  if (digits > 0 && digits < size && claim->expected[digits] == '.')
    claim_doubt(claim, g_strdup("may be rounded"));
  if (claim->rule == CLAIM_LITERAL && claim->expected[0] == '[' && size <= 4 &&
      g_ascii_isdigit(claim->expected[1]))
    claim_doubt(claim, g_strdup("may be the mark of a footnote"));
}

/* --- times ---------------------------------------------------------------------------- */

static void doubt_speed(Claim *claim) {
  static const gchar *const others[] = {
      "time", "times", "than",   "isn't",  "aren't", "not", "no",   "never", "make", "if",
      "now",  "on",    "hardly", "barely", "any",    "in",  "with", "under", NULL};
  if (count_words(claim->text) > A_FEW_WORDS ||
      has_word_among(claim->text, strlen(claim->text), others))
    claim_doubt(claim, g_strdup("may be compared with another time"));
}

/* --- all of them ------------------------------------------------------------------------ */

/* The first line that is commented out and says nothing of itself; 0 for none. */
static guint first_commented(const Snippet *snippet) {
  guint line = 0;
  for (guint i = 0; i < snippet->unclaimed->len; i++) {
    const Unclaimed *unclaimed = g_ptr_array_index(snippet->unclaimed, i);
    if (strstr(unclaimed->reason, "commented-out") != NULL && (line == 0 || unclaimed->line < line))
      line = unclaimed->line;
  }
  return line;
}

static gint compare_line(gconstpointer line, gconstpointer comment) {
  guint one = *(const guint *)line, other = ((const Comment *)comment)->line;
  return one < other ? -1 : one > other;
}

static gboolean has_comment_on(const Script *script, guint line) {
  const GArray *comments = script->statements->comments;
  return bsearch(&line, comments->data, comments->len, sizeof(Comment), compare_line) != NULL;
}

void claims_doubt_script(Script *script) {
  guint commented = script->snippet->claims->len > 0 ? first_commented(script->snippet) : 0;
  for (guint i = 0; i < script->snippet->claims->len; i++) {
    Claim *claim = g_ptr_array_index(script->snippet->claims, i);
    if (claim->cautious != NULL)
      continue;
    if (claim->rule == CLAIM_EXCEPTION)
      doubt_exception(script, claim);
    else if (claim->rule == CLAIM_HANG)
      doubt_hang(script, claim);
    else if (claim->rule == CLAIM_WORKS)
      doubt_works(script, claim);
    else if (claim->rule == CLAIM_NAMED)
      doubt_named(script, claim);
    else if (claim->rule == CLAIM_SPEED)
      doubt_speed(claim);
    else if (claim->names != NULL && !claim->is_value)
      doubt_assigned(script, claim);
    if (claim->code != NULL && claim->target == CLAIM_OF_LINE &&
        statement_on(script, claim->code_line - 1) < 0 && claim->code_line > 1 &&
        has_comment_on(script, claim->code_line - 1))
      claim_doubt(claim, g_strdup("prose stands above it"));
    if (claim->code != NULL && commented != 0 && commented < claim->code_line)
      claim_doubt(claim, g_strdup("follows other code that is commented out"));
  }
}

/* --- code that must not be run ------------------------------------------------------------ */

/* Modules and things that reach beyond the process, wherever the script has them: what a
 * line does through them may be seen in no name of its own. */
static const gchar *const reaching_modules[] = {"socket",     "socketpair",
                                                "sqlite3",    "multiprocessing",
                                                "subprocess", "mmap",
                                                "ctypes",     "psycopg2",
                                                "pymysql",    "MySQLdb",
                                                "requests",   "urllib",
                                                "http",       "ftplib",
                                                "smtplib",    "paramiko",
                                                "redis",      "pymongo",
                                                "boto3",      "pipe",
                                                "mkfifo",     "ProcessPoolExecutor",
                                                "shelve",     "dbm",
                                                "django",     "sqlalchemy",
                                                "httpx",      "aiohttp",
                                                NULL};

static const gchar *const reaching_words[] = {
    "shutil",      "unlink",      "rmtree",  "mkdir",         "makedirs", "rmdir",
    "write_text",  "write_bytes", "touch",   "rename",        "renames",  "symlink_to",
    "hardlink_to", "truncate",    "system",  "popen",         "kill",     "killpg",
    "_exit",       "fork",        "execute", "executescript", "commit",   "chmod",
    "chown",       "flush",       "fsync",   "input",         NULL};

/* os.NAME that only looks */
static const gchar *const looking_words[] = {"path", "environ", "getenv", "getcwd",    "listdir",
                                             "sep",  "stat",    "getpid", "cpu_count", NULL};

static gboolean opens_for_writing(const PythonToken *token) {
  const gchar *text = token->start + 1;
  gsize size = token->length >= 2 ? token->length - 2 : 0;
  if (size == 0 || size > 3)
    return FALSE;
  gboolean writes = FALSE;
  for (gsize i = 0; i < size; i++) {
    if (strchr("rwaxbt+", text[i]) == NULL)
      return FALSE;
    writes = writes || strchr("wax+", text[i]) != NULL;
  }
  return writes;
}

static gboolean script_reaches_out(Script *script) {
  const GArray *tokens = script->statements->tokens;
  if (script->knows_reach)
    return script->reaches_out;
  script->knows_reach = TRUE;
  for (guint i = 0; i < tokens->len && !script->reaches_out; i++) {
    const PythonToken *token = &g_array_index(tokens, PythonToken, i);
    script->reaches_out =
        token->kind == TOKEN_NAME && is_among(token->start, token->length, reaching_modules);
  }
  return script->reaches_out;
}

gboolean code_reaches_out(Script *script, const Statements *code) {
  gboolean opens = FALSE, writes = FALSE;
  if (script_reaches_out(script))
    return TRUE;
  for (guint i = 0; i < code->tokens->len; i++) {
    const PythonToken *token = &g_array_index(code->tokens, PythonToken, i);
    if (token->kind == TOKEN_STRING)
      writes = writes || opens_for_writing(token);
    if (token->kind != TOKEN_NAME)
      continue;
    if (is_among(token->start, token->length, reaching_words) ||
        is_among(token->start, token->length, reaching_modules))
      return TRUE;
    opens = opens || token_is(token, "open");
    if (token_is(token, "os") || token_is(token, "posix")) {
      const PythonToken *next =
          i + 2 < code->tokens->len ? &g_array_index(code->tokens, PythonToken, i + 2) : NULL;
      if (next == NULL || !is_among(next->start, next->length, looking_words))
        return TRUE;
    }
  }
  return opens && writes;
}
