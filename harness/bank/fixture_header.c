#include "bank/fixture_header.h"

#include <string.h>

#include "bank/bindings.h"
#include "bank/literal.h"
#include "bank/statements.h"

#define ITEMS_MAX 4096
#define NAME_MAX_BYTES 255
#define TEXT_MAX_BYTES 1000

typedef enum {
  WORD_PROVIDES,
  WORD_TOOLS,
  WORD_SIGNS,
  WORD_IMPORTS,
  WORD_NEEDS,
  WORD_VARIANTS,
  WORD_BEHIND,
  WORD_COUNT,
} Word;

static const gchar *const words[WORD_COUNT] = {"PROVIDES", "TOOLS",    "SIGNS", "IMPORTS",
                                               "NEEDS",    "VARIANTS", "BEHIND"};

typedef struct {
  Fixture *fixture;
  const Statements *statements;
  const gchar *assigned[WORD_COUNT]; /* where each is, in the source */
  gboolean is_meant;                 /* PROVIDES or IMPORTS is bound in some way */
} Header;

G_GNUC_PRINTF(3, 4)
static void complain(Header *header, const PythonToken *token, const gchar *format, ...) {
  va_list arguments;
  if (header->fixture->problem != NULL)
    return;
  va_start(arguments, format);
  g_autofree gchar *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  header->fixture->problem = g_strdup_printf("%s:%u:%u: %s", header->fixture->shown_path,
                                             token->line, token->column + 1, message);
}

/* --- what the texts must be ------------------------------------------------------------ */

static gboolean is_identifier(const gchar *text, gsize length) {
  PythonScanner scanner;
  PythonToken token;
  python_scanner_init(&scanner, text, length);
  return length > 0 && length <= NAME_MAX_BYTES && python_scanner_next(&scanner, &token) &&
         token.kind == TOKEN_NAME && token.start == text && token.length == length &&
         !python_is_keyword(text, length);
}

static gboolean is_name(const gchar *text) {
  return is_identifier(text, strlen(text));
}

/* A name, or "name=": one of an argument. */
static gboolean is_word(const gchar *text) {
  gsize length = strcspn(text, "=");
  return is_identifier(text, length) && (text[length] == '\0' || text[length + 1] == '\0');
}

static gboolean is_module(const gchar *text) {
  for (;;) {
    gsize length = strcspn(text, ".");
    if (!is_identifier(text, length))
      return FALSE;
    if (text[length] == '\0')
      return TRUE;
    text += length + 1;
  }
}

/* It goes on a command line and into reports. */
static gboolean is_variant(const gchar *text) {
  gsize length = strlen(text);
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum(text[i]) && (i == 0 || strchr("_-.", text[i]) == NULL) && text[i] != '_')
      return FALSE;
  return length > 0 && length <= NAME_MAX_BYTES;
}

static gboolean is_file_name(const gchar *text) {
  return *text != '\0' && strchr(text, G_DIR_SEPARATOR) == NULL && strlen(text) <= NAME_MAX_BYTES;
}

static gboolean is_line(const gchar *text) {
  for (const gchar *at = text; *at != '\0'; at = g_utf8_next_char(at))
    if (g_unichar_iscntrl(g_utf8_get_char(at)))
      return FALSE;
  return strlen(text) <= TEXT_MAX_BYTES;
}

/* --- the words ---------------------------------------------------------------------------- */

typedef struct {
  const gchar *what; /* "is no list of names" */
  const gchar *item; /* "is no name" */
  gboolean (*is_fine)(const gchar *text);
  gboolean is_dictionary; /* may be one */
  gboolean is_no_list;    /* may not be one */
} Shape;

static const Shape shapes[WORD_COUNT] = {
    [WORD_PROVIDES] = {"is no list of names", "is no name", is_name, FALSE},
    [WORD_TOOLS] = {"is no list of names", "is no name", is_name, FALSE},
    [WORD_SIGNS] = {"is no list of words", "is no word", is_word, FALSE},
    [WORD_IMPORTS] = {"is no list of modules", "is no module's name", is_module, FALSE},
    [WORD_NEEDS] = {"is no dictionary of modules and what to install", "is no module's name",
                    is_module, TRUE, TRUE},
    [WORD_VARIANTS] = {"is no dictionary of variants and texts",
                       "is no name of a variant: letters, digits, '_', '-'", is_variant, TRUE},
    [WORD_BEHIND] = {"is no list of fixtures", "is no fixture's name", is_file_name, FALSE},
};

/* FALSE with a problem. */
static gboolean items_check(Header *header, Word word, const PythonToken *start,
                            const GArray *items) {
  const Shape *shape = &shapes[word];
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  if (items->len > ITEMS_MAX)
    complain(header, start, "%s has more than %d entries", words[word], ITEMS_MAX);
  for (guint i = 0; i < items->len; i++) {
    const LiteralItem *item = &g_array_index(items, LiteralItem, i);
    if (!shape->is_fine(item->text))
      complain(header, item->token, "%s: '%.*s' %s", words[word], 60, item->text, shape->item);
    else if (!g_hash_table_add(seen, item->text))
      complain(header, item->token, "%s has '%s' twice", words[word], item->text);
    else if (item->value != NULL && !is_line(item->value))
      complain(header, item->token, "%s: what stands for '%s' is no single line", words[word],
               item->text);
    else if (item->value != NULL && *item->value == '\0' && word == WORD_NEEDS)
      complain(header, item->token, "NEEDS does not say what to install for '%s'", item->text);
  }
  return header->fixture->problem == NULL;
}

static GStrv texts_of(const GArray *items) {
  GStrv texts = g_new0(gchar *, items->len + 1);
  for (guint i = 0; i < items->len; i++)
    texts[i] = g_strdup(g_array_index(items, LiteralItem, i).text);
  return texts;
}

static void list_set(GStrv *list, const GArray *items) {
  g_strfreev(*list);
  *list = texts_of(items);
}

static void word_set(Fixture *fixture, Word word, const GArray *items) {
  switch (word) {
  case WORD_PROVIDES:
    list_set(&fixture->provides, items);
    return;
  case WORD_TOOLS:
    list_set(&fixture->tools, items);
    return;
  case WORD_SIGNS:
    list_set(&fixture->signs, items);
    return;
  case WORD_IMPORTS:
    list_set(&fixture->imports, items);
    return;
  case WORD_BEHIND:
    list_set(&fixture->behind, items);
    return;
  case WORD_NEEDS:
  case WORD_VARIANTS:
  default:
    for (guint i = 0; i < items->len; i++) {
      const LiteralItem *item = &g_array_index(items, LiteralItem, i);
      if (word == WORD_NEEDS)
        fixture_add_need(fixture, item->text, item->value != NULL ? item->value : item->text);
      else
        fixture_add_variant(fixture, item->text, item->value != NULL ? item->value : "");
    }
  }
}

/* --- statements --------------------------------------------------------------------------------
 */

static gboolean is_sign(const PythonToken *at, const PythonToken *end, const gchar *sign) {
  return at < end && at->kind == TOKEN_OPERATOR && token_is(at, sign);
}

/* `= value`, perhaps behind an annotation. Returns where the part ends. */
static const PythonToken *assignment_read(Header *header, Word word, const PythonToken *at,
                                          const PythonToken *end) {
  const PythonToken *name = at++, *last = end - 1;
  if (is_sign(at, end, ":"))
    while (at < end && !(at->depth == 0 && (is_sign(at, end, "=") || is_sign(at, end, ";"))))
      at++;
  if (!is_sign(at, end, "=")) {
    complain(header, name, "%s is to be assigned once, as it is read without being run",
             words[word]);
    return end;
  }
  if (header->assigned[word] != NULL) {
    complain(header, name, "%s is assigned twice", words[word]);
    return end;
  }
  header->assigned[word] = name->start;
  const PythonToken *value = ++at;
  LiteralKind kind = LITERAL_LIST;
  const gchar *reason;
  g_autoptr(GArray) items = literal_read(&at, end, &kind, &reason);
  gboolean is_kind = items == NULL || items->len == 0 ||
                     (kind == LITERAL_LIST ? !shapes[word].is_no_list : shapes[word].is_dictionary);
  if (items == NULL || !is_kind || (at < end && !is_sign(at, end, ";"))) {
    const PythonToken *wrong = !is_kind ? value : at < end ? at : last;
    complain(header, wrong, "%s %s%s%s", words[word], shapes[word].what, reason != NULL ? ": " : "",
             reason != NULL ? reason : "");
    return end;
  }
  if (items_check(header, word, value, items))
    word_set(header->fixture, word, items);
  return at;
}

static void statement_read(Header *header, const Statements *statements,
                           const Statement *statement) {
  const PythonToken *at = &g_array_index(statements->tokens, PythonToken, statement->first_token);
  const PythonToken *end = at + statement->token_count;
  while (at < end) {
    for (Word word = 0; word < WORD_COUNT && at->kind == TOKEN_NAME; word++)
      if (token_is(at, words[word])) {
        at = assignment_read(header, word, at, end);
        break;
      }
    while (at < end && !(at->depth == 0 && is_sign(at, end, ";")))
      at++;
    if (at < end)
      at++;
  }
}

/* Whatever else binds one of the words would be passed over in silence. */
static void on_name(const gchar *name, gsize length, gpointer data) {
  Header *header = data;
  const GArray *tokens = header->statements->tokens;
  for (Word word = 0; word < WORD_COUNT; word++) {
    if (strlen(words[word]) != length || memcmp(words[word], name, length) != 0)
      continue;
    header->is_meant = header->is_meant || word == WORD_PROVIDES || word == WORD_IMPORTS;
    for (guint i = 0; i < tokens->len && header->fixture->problem == NULL; i++) {
      const PythonToken *token = &g_array_index(tokens, PythonToken, i);
      if (token->start == name && header->assigned[word] != name)
        complain(header, token,
                 "%s is to be assigned by itself and at the very left, as it is read without being "
                 "run",
                 words[word]);
    }
  }
}

/* The first line of the docstring that says something. */
static void summary_read(Fixture *fixture, const Statements *statements) {
  if (statements->statements->len == 0)
    return;
  const Statement *first = &g_array_index(statements->statements, Statement, 0);
  const PythonToken *token = &g_array_index(statements->tokens, PythonToken, first->first_token);
  const gchar *reason;
  if (first->kind != STATEMENT_EXPRESSION || token->kind != TOKEN_STRING)
    return;
  g_autofree gchar *text = literal_text_of(token, &reason);
  if (text == NULL)
    return;
  g_strstrip(text);
  text[strcspn(text, "\r\n")] = '\0';
  g_strdelimit(text, "\t\v\f", ' ');
  g_strchomp(text);
  if (!is_line(text))
    return;
  g_free(fixture->summary);
  fixture->summary = g_steal_pointer(&text);
}

/* Whoever asks what it provides means the tools, too. */
static void tools_provide(Fixture *fixture) {
  g_autoptr(GStrvBuilder) all = g_strv_builder_new();
  g_strv_builder_addv(all, (const gchar **)fixture->provides);
  for (gchar **name = fixture->tools; *name != NULL; name++)
    if (!g_strv_contains((const gchar *const *)fixture->provides, *name))
      g_strv_builder_add(all, *name);
  g_strfreev(fixture->provides);
  fixture->provides = g_strv_builder_end(all);
}

gboolean fixture_header_read(Fixture *fixture, const gchar *text, gsize size) {
  Header header = {.fixture = fixture};
  if (size > FIXTURE_MAX) {
    fixture->problem =
        g_strdup_printf("%s: larger than %u MB", fixture->shown_path, FIXTURE_MAX >> 20);
    return TRUE;
  }
  if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
    text += 3;
    size -= 3;
  }
  g_autoptr(Statements) statements = statements_read(size > 0 ? text : "", size);
  summary_read(fixture, statements);
  for (guint i = 0; i < statements->statements->len; i++) {
    const Statement *statement = &g_array_index(statements->statements, Statement, i);
    if (statement->column == 0)
      statement_read(&header, statements, statement);
  }
  tools_provide(fixture);
  header.statements = statements;
  bindings_read(statements, &(BindingCalls){.on_name = on_name, .data = &header});
  return header.is_meant;
}
