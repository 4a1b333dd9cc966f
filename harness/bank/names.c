#include "bank/names.h"

#include <string.h>

#include "bank/chance.h"
#include "bank/word_set.h"

void name_scanner_init(NameScanner *scanner, const Statements *statements) {
  const PythonToken *tokens = (const PythonToken *)statements->tokens->data;
  *scanner = (NameScanner){.outer = tokens, .outer_end = tokens + statements->tokens->len};
}

void name_scanner_init_statement(NameScanner *scanner, const Statements *statements,
                                 const Statement *statement) {
  const PythonToken *first =
      &g_array_index(statements->tokens, PythonToken, statement->first_token);
  *scanner = (NameScanner){.outer = first, .outer_end = first + statement->token_count};
}

static gboolean is_fstring(const PythonToken *token) {
  for (gsize i = 0; i < token->length && g_ascii_isalpha(token->start[i]); i++)
    if (token->start[i] == 'f' || token->start[i] == 'F')
      return TRUE;
  return FALSE;
}

/* Goes to the next replacement field, up to its format or conversion. */
static gboolean field_next(NameScanner *scanner) {
  const gchar *at = scanner->rest, *end = scanner->end;
  while (at < end) {
    if (*at != '{') {
      at++;
      continue;
    }
    if (at + 1 < end && at[1] == '{') {
      at += 2;
      continue;
    }
    const gchar *begin = ++at;
    guint depth = 0;
    for (; at < end; at++) {
      if (depth == 0 && (*at == '}' || *at == ':' || (*at == '!' && at + 1 < end && at[1] != '=')))
        break;
      if (strchr("([{", *at) != NULL)
        depth++;
      else if (depth > 0 && strchr(")]}", *at) != NULL)
        depth--;
    }
    scanner->rest = at;
    python_scanner_init(&scanner->inner, begin, (gsize)(at - begin));
    return TRUE;
  }
  scanner->rest = end;
  return FALSE;
}

gboolean name_scanner_next(NameScanner *scanner, PythonToken *token) {
  for (;;) {
    while (scanner->is_inside && python_scanner_next(&scanner->inner, token))
      if (token->kind != TOKEN_NEWLINE && token->kind != TOKEN_BREAK)
        return TRUE;
    scanner->is_inside = scanner->rest != NULL && field_next(scanner);
    if (scanner->is_inside)
      continue;
    scanner->rest = NULL;
    if (scanner->outer == scanner->outer_end)
      return FALSE;
    *token = *scanner->outer++;
    scanner->depth = token->depth;
    if (token->kind == TOKEN_STRING && is_fstring(token)) {
      scanner->rest = token->start;
      scanner->end = token->start + token->length;
    }
    return TRUE;
  }
}

guint name_hash(gconstpointer name) {
  const PythonToken *token = name;
  guint hash = 5381;
  for (gsize i = 0; i < token->length; i++)
    hash = hash * 33 + (guchar)token->start[i];
  return hash;
}

gboolean name_equal(gconstpointer first, gconstpointer second) {
  const PythonToken *one = first, *other = second;
  return one->length == other->length && memcmp(one->start, other->start, one->length) == 0;
}

/* In strcmp() order: what every Python from 3.9 on binds by itself. */
static const gchar *const builtins[] = {
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "BlockingIOError",
    "BrokenPipeError",
    "BufferError",
    "BytesWarning",
    "ChildProcessError",
    "ConnectionAbortedError",
    "ConnectionError",
    "ConnectionRefusedError",
    "ConnectionResetError",
    "DeprecationWarning",
    "EOFError",
    "Ellipsis",
    "EnvironmentError",
    "Exception",
    "FileExistsError",
    "FileNotFoundError",
    "FloatingPointError",
    "FutureWarning",
    "GeneratorExit",
    "IOError",
    "ImportError",
    "ImportWarning",
    "IndentationError",
    "IndexError",
    "InterruptedError",
    "IsADirectoryError",
    "KeyError",
    "KeyboardInterrupt",
    "LookupError",
    "MemoryError",
    "ModuleNotFoundError",
    "NameError",
    "NotADirectoryError",
    "NotImplemented",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PendingDeprecationWarning",
    "PermissionError",
    "ProcessLookupError",
    "RecursionError",
    "ReferenceError",
    "ResourceWarning",
    "RuntimeError",
    "RuntimeWarning",
    "StopAsyncIteration",
    "StopIteration",
    "SyntaxError",
    "SyntaxWarning",
    "SystemError",
    "SystemExit",
    "TabError",
    "TimeoutError",
    "TypeError",
    "UnboundLocalError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeError",
    "UnicodeTranslateError",
    "UnicodeWarning",
    "UserWarning",
    "ValueError",
    "Warning",
    "ZeroDivisionError",
    "__build_class__",
    "__builtins__",
    "__debug__",
    "__doc__",
    "__file__",
    "__import__",
    "__loader__",
    "__name__",
    "__package__",
    "__spec__",
    "abs",
    "aiter",
    "all",
    "anext",
    "any",
    "ascii",
    "bin",
    "bool",
    "breakpoint",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "compile",
    "complex",
    "copyright",
    "credits",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "exit",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "help",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "license",
    "list",
    "locals",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "quit",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
};

static gboolean is_sign(const PythonToken *token, const gchar *sign) {
  return token->kind == TOKEN_OPERATOR && token_is(token, sign);
}

enum {
  NAME_IS_BOUND = 1 << 0,
  NAME_IS_USED = 1 << 1,
  NAME_IS_SEEN = 1 << 2,
  NAME_IS_KEYWORD = 1 << 3,
};

/* Where in a statement the reader is. */
typedef struct {
  const Statements *statements;
  guint index;
  gboolean is_header, is_import; /* the kind of the statement */
  gboolean is_target;            /* left of the '=' */
  gboolean in_for, in_lambda;    /* between `for` and `in`, `lambda` and ':' */
  PythonToken before, held;      /* held: a name whose role the next token tells */
  gboolean holds_target;
} Place;

static void statement_enter(Place *place) {
  StatementKind kind = STATEMENT_OTHER;
  if (place->index < place->statements->statements->len)
    kind = g_array_index(place->statements->statements, Statement, place->index).kind;
  place->is_header = kind == STATEMENT_DEF;
  place->is_import = kind == STATEMENT_IMPORT;
  place->is_target = kind == STATEMENT_ASSIGNMENT;
  place->in_for = place->in_lambda = FALSE;
  place->before = (PythonToken){.kind = TOKEN_END};
}

/* `def f(a, *b)` binds a and b, but `def f(a=c)` uses c. */
static gboolean is_parameter(const Place *place) {
  const PythonToken *before = &place->before;
  return before->kind == TOKEN_OPERATOR && (token_is(before, "(") || token_is(before, ",") ||
                                            token_is(before, "*") || token_is(before, "**"));
}

static gboolean binds_next(const Place *place) {
  const PythonToken *before = &place->before;
  if (before->kind == TOKEN_NAME &&
      (token_is(before, "as") || token_is(before, "class") || token_is(before, "def") ||
       token_is(before, "global") || token_is(before, "nonlocal")))
    return TRUE;
  return place->in_lambda || place->is_import || (place->is_header && is_parameter(place));
}

/* Settles the held name now that the token behind it is known. */
static void held_settle(Place *place, WordSet *set, const PythonToken *token, guint depth) {
  if (place->held.kind != TOKEN_NAME)
    return;
  WordSlot *slot = word_set_add(set, place->held.start, place->held.length);
  gboolean is_assigned = is_sign(token, "=");
  if (place->holds_target)
    slot->flags |= is_sign(token, ".") || is_sign(token, "[") || is_sign(token, "(")
                       ? NAME_IS_USED
                       : NAME_IS_BOUND;
  else if (is_sign(token, ":="))
    slot->flags |= NAME_IS_BOUND;
  else if (!(is_assigned && depth > 0)) /* f(name=1) uses no name */
    slot->flags |= NAME_IS_USED;
  place->held.kind = TOKEN_END;
}

static void name_take(Place *place, WordSet *set, const PythonToken *token, Names *names) {
  WordSlot *slot = word_set_add(set, token->start, token->length);
  if (slot->flags == 0) {
    slot->flags = NAME_IS_SEEN;
    if (python_is_keyword(token->start, token->length))
      slot->flags |= NAME_IS_KEYWORD;
    if (chance_knows(token))
      names->may_vary = TRUE;
  }
  if (slot->flags & NAME_IS_KEYWORD) {
    if (token_is(token, "for"))
      place->in_for = TRUE;
    else if (token_is(token, "in"))
      place->in_for = FALSE;
    else if (token_is(token, "lambda"))
      place->in_lambda = TRUE;
    return;
  }
  if (is_sign(&place->before, "."))
    return;
  if (binds_next(place)) {
    slot->flags |= NAME_IS_BOUND;
    return;
  }
  place->held = *token;
  place->holds_target = place->is_target || place->in_for;
}

static gboolean is_unbound(const WordSlot *slot) {
  return slot->at != NULL && (slot->flags & NAME_IS_USED) && !(slot->flags & NAME_IS_BOUND) &&
         word_list_find(builtins, G_N_ELEMENTS(builtins), slot->at, slot->length, FALSE) < 0;
}

/* Collects the names with what is done with them. The caller clears the set. */
static void names_collect(const Statements *statements, WordSet *set, Names *names) {
  Place place = {.statements = statements, .held = {.kind = TOKEN_END}};
  NameScanner scanner;
  PythonToken token;
  word_set_init(set, FALSE);
  statement_enter(&place);
  name_scanner_init(&scanner, statements);
  while (name_scanner_next(&scanner, &token)) {
    if (token.kind == TOKEN_COMMENT)
      continue;
    held_settle(&place, set, &token, scanner.depth);
    if (token.kind == TOKEN_NEWLINE) {
      place.index++;
      statement_enter(&place);
      continue;
    }
    if (token.kind == TOKEN_NAME) {
      name_take(&place, set, &token, names);
    } else if (token.kind == TOKEN_STRING) {
      if (is_sign(&place.before, "{"))
        names->may_vary = TRUE; /* perhaps a set of strings */
    } else if (token.kind == TOKEN_OPERATOR) {
      if (token.length == 1 && token.start[0] == ':')
        place.in_lambda = place.is_target = FALSE;
      else if (token.start[token.length - 1] == '=' && scanner.depth == 0)
        place.is_target = FALSE;
    }
    place.before = token;
  }
  token = (PythonToken){.kind = TOKEN_END};
  held_settle(&place, set, &token, 0);
}

Names names_read(const Statements *statements) {
  Names names = {0};
  WordSet set;
  names_collect(statements, &set, &names);
  for (gsize i = 0; i < set.size && !names.is_missing; i++)
    names.is_missing = is_unbound(&set.slots[i]);
  word_set_clear(&set);
  return names;
}

gboolean names_need(const Statements *statements,
                    gboolean (*is_known)(const gchar *name, gsize length, gpointer data),
                    gpointer data) {
  Names names = {0};
  WordSet set;
  gboolean needs = FALSE;
  names_collect(statements, &set, &names);
  for (gsize i = 0; i < set.size && !needs; i++)
    needs = is_unbound(&set.slots[i]) && !is_known(set.slots[i].at, set.slots[i].length, data);
  word_set_clear(&set);
  return needs;
}
