/*
 * What the fixture reaches spreads from statement to statement until nothing changes any more:
 * by names, since a statement that uses one which is reached may pass it on to all names that it
 * mentions; into the block of a statement that is reached; and out of a block to the function,
 * class, loop or `try` around it. That is more than is true; what is left out is surely not
 * reached.
 */
#include "judge/fixture_data.h"

#include <string.h>

#include "judge/literal_shape.h"
#include "judge/marking.h"
#include "judge/own_tables.h"
#include "judge/same_sides.h"
#include "judge/source_rows.h"

/* As often is looked whether it spreads further; after that everything is reached. */
#define ROUNDS_MAX 40u

#define NO_ROW G_MAXUINT

struct FixtureData {
  const Fixture *fixture;
  GPtrArray *rows;    /* SourceRow * */
  guint *parents;     /* of each row, the header of the block that it stands in; NO_ROW */
  gboolean *reached;  /* of each row */
  gboolean *spread;   /* whether what it leads to is reached, too */
  GHashTable *names;  /* gchar *: names that are reached */
  GHashTable *common; /* words that pass nothing on */
  gboolean is_all;
  gchar *reason;
};

static const gchar *const words_of_python[] = {
    "False",      "None",       "True",       "and",       "as",         "assert",    "async",
    "await",      "break",      "class",      "continue",  "def",        "del",       "elif",
    "else",       "except",     "finally",    "for",       "from",       "global",    "if",
    "import",     "in",         "is",         "lambda",    "nonlocal",   "not",       "or",
    "pass",       "raise",      "return",     "try",       "while",      "with",      "yield",
    "match",      "case",       "print",      "len",       "list",       "dict",      "set",
    "tuple",      "str",        "int",        "float",     "bool",       "bytes",     "sum",
    "min",        "max",        "sorted",     "range",     "zip",        "map",       "filter",
    "any",        "all",        "type",       "repr",      "next",       "iter",      "reversed",
    "abs",        "round",      "enumerate",  "object",    "super",      "getattr",   "setattr",
    "hasattr",    "isinstance", "issubclass", "id",        "hash",       "vars",      "dir",
    "format",     "frozenset",  "callable",   "Exception", "ValueError", "TypeError", "KeyError",
    "IndexError", NULL};

/* --- what is reached --------------------------------------------------------------- */

static gboolean reach(FixtureData *data, guint index) {
  if (data->reached[index])
    return FALSE;
  const SourceRow *row = g_ptr_array_index(data->rows, index);
  data->reached[index] = TRUE;
  for (gchar **word = row->words; *word != NULL; word++)
    if (!g_hash_table_contains(data->common, *word))
      g_hash_table_add(data->names, g_strdup(*word));
  return TRUE;
}

static gboolean mentions_reached(const FixtureData *data, GStrv words) {
  for (gchar **word = words; *word != NULL; word++)
    if (g_hash_table_contains(data->names, *word))
      return TRUE;
  return FALSE;
}

static gboolean passes_out(const SourceRow *row) {
  static const gchar *const headers[] = {"def", "class", "for", "while", "try"};
  for (gsize i = 0; i < G_N_ELEMENTS(headers); i++)
    if (source_row_begins(row, headers[i]))
      return TRUE;
  return FALSE;
}

static gboolean goes_on(const SourceRow *row) {
  static const gchar *const headers[] = {"else", "elif", "except", "finally"};
  for (gsize i = 0; i < G_N_ELEMENTS(headers); i++)
    if (source_row_begins(row, headers[i]))
      return TRUE;
  return FALSE;
}

/* Reaches the blocks of a statement, and those of its other branches. */
static gboolean reach_blocks(FixtureData *data, guint index) {
  const SourceRow *header = g_ptr_array_index(data->rows, index);
  gboolean is_further = FALSE;
  for (guint i = index + 1; i < data->rows->len; i++) {
    const SourceRow *row = g_ptr_array_index(data->rows, i);
    if (row->indent < header->indent || (row->indent == header->indent && !goes_on(row)))
      break;
    is_further |= reach(data, i);
  }
  return is_further;
}

/* Reaches what stands around a statement and takes part in it. */
static gboolean reach_around(FixtureData *data, guint index) {
  gboolean is_further = FALSE;
  for (guint at = data->parents[index]; at != NO_ROW; at = data->parents[at])
    if (passes_out(g_ptr_array_index(data->rows, at)))
      is_further |= reach(data, at);
  return is_further;
}

static gboolean spread(FixtureData *data) {
  gboolean is_further = FALSE;
  for (guint i = 0; i < data->rows->len; i++) {
    const SourceRow *row = g_ptr_array_index(data->rows, i);
    if (!data->reached[i] && mentions_reached(data, row->words))
      is_further |= reach(data, i);
    if (data->reached[i] && !data->spread[i]) {
      data->spread[i] = TRUE;
      is_further |= reach_blocks(data, i);
      is_further |= reach_around(data, i);
    }
  }
  return is_further;
}

static OwnTables *tables_declared(const GPtrArray *rows) {
  OwnTables *tables = own_tables_new();
  for (guint i = 0; i < rows->len; i++) {
    const SourceRow *row = g_ptr_array_index(rows, i);
    if (source_row_begins(row, "class") && row->words[0] != NULL && row->words[1] != NULL)
      own_tables_declare(tables, row->words[1], strlen(row->words[1]));
  }
  return tables;
}

/* The lines that events happened on. */
static void reach_events(FixtureData *data, const Transcript *transcript) {
  g_autoptr(GHashTable) lines = g_hash_table_new(NULL, NULL);
  g_autoptr(OwnTables) tables = tables_declared(data->rows);
  for (guint i = 0; i < transcript->events->len; i++) {
    const Event *event = g_ptr_array_index(transcript->events, i);
    if (own_tables_cover(tables, event))
      continue;
    g_hash_table_add(lines, GUINT_TO_POINTER(event->line));
    g_hash_table_add(lines, GUINT_TO_POINTER(event->outer_line));
  }
  for (guint i = 0; i < data->rows->len; i++) {
    const SourceRow *row = g_ptr_array_index(data->rows, i);
    for (guint line = row->first_line; line <= row->last_line; line++)
      if (g_hash_table_contains(lines, GUINT_TO_POINTER(line)))
        reach(data, i);
  }
}

/* --- the whole ------------------------------------------------------------------------- */

static gboolean is_tool(const Fixture *fixture, const gchar *name) {
  return g_strv_contains((const gchar *const *)fixture->tools, name);
}

static gboolean is_imported(const GPtrArray *rows, const gchar *name) {
  for (guint i = 0; i < rows->len; i++) {
    const SourceRow *row = g_ptr_array_index(rows, i);
    if ((source_row_begins(row, "from") || source_row_begins(row, "import")) &&
        g_strv_contains((const gchar *const *)row->words, name))
      return TRUE;
  }
  return FALSE;
}

static GHashTable *words_common(const Transcript *transcript, const GPtrArray *rows) {
  const gchar *const *bound = (const gchar *const *)transcript->names_bound;
  GHashTable *words = g_hash_table_new(g_str_hash, g_str_equal);
  for (gsize i = 0; words_of_python[i] != NULL; i++)
    if (!g_strv_contains(bound, words_of_python[i]))
      g_hash_table_add(words, (gpointer)words_of_python[i]);
  for (gchar **tool = transcript->fixture->fixture->tools; *tool != NULL; tool++)
    if (!g_strv_contains(bound, *tool) || is_imported(rows, *tool))
      g_hash_table_add(words, *tool);
  return words;
}

static guint *parents_of(const GPtrArray *rows) {
  guint *parents = g_new0(guint, rows->len + 1);
  for (guint i = 0; i < rows->len; i++) {
    const SourceRow *row = g_ptr_array_index(rows, i);
    guint above = i > 0 ? i - 1 : NO_ROW;
    while (above != NO_ROW &&
           ((const SourceRow *)g_ptr_array_index(rows, above))->indent >= row->indent)
      above = parents[above];
    parents[i] = above;
  }
  return parents;
}

/* The names that chose the fixture, and whatever else it provides: a name that an earlier block
 * of the document binds, too, chooses none. */
static void begin_with_names(FixtureData *data, const FixtureChoice *choice,
                             const Transcript *transcript) {
  const gchar *const *bound = (const gchar *const *)transcript->names_bound;
  for (gchar **name = choice->names; *name != NULL; name++)
    if (strchr(*name, ' ') == NULL && !is_tool(data->fixture, *name)) /* "import django" */
      g_hash_table_add(data->names, g_strdup(*name));
  for (gchar **name = data->fixture->provides; *name != NULL; name++)
    if (!is_tool(data->fixture, *name) &&
        (!g_strv_contains(bound, *name) || is_imported(data->rows, *name)))
      g_hash_table_add(data->names, g_strdup(*name));
}

FixtureData *fixture_data_new(const Snippet *snippet, const Transcript *transcript) {
  const FixtureChoice *choice = transcript->fixture;
  if (choice == NULL || choice->fixture == NULL || choice->is_configured)
    return NULL;
  FixtureData *data = g_new0(FixtureData, 1);
  data->fixture = choice->fixture;
  data->rows = source_rows(snippet);
  data->parents = parents_of(data->rows);
  data->reached = g_new0(gboolean, data->rows->len + 1);
  data->spread = g_new0(gboolean, data->rows->len + 1);
  data->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  data->common = words_common(transcript, data->rows);
  data->reason = g_strdup_printf("decided by the rows of fixture '%s'", choice->fixture->name);
  begin_with_names(data, choice, transcript);
  reach_events(data, transcript);
  for (guint round = 0; spread(data); round++)
    if (round == ROUNDS_MAX) {
      data->is_all = TRUE;
      break;
    }
  data->is_all = data->is_all || transcript->events_lost > 0;
  return data;
}

void fixture_data_free(FixtureData *data) {
  if (data == NULL)
    return;
  g_ptr_array_unref(data->rows);
  g_free(data->parents);
  g_free(data->reached);
  g_free(data->spread);
  g_hash_table_unref(data->names);
  g_hash_table_unref(data->common);
  g_free(data->reason);
  g_free(data);
}

gboolean fixture_data_reaches(const FixtureData *data, guint first_line, guint last_line) {
  for (guint i = 0; i < data->rows->len; i++) {
    const SourceRow *row = g_ptr_array_index(data->rows, i);
    if (data->reached[i] && row->first_line <= last_line && row->last_line >= first_line)
      return TRUE;
  }
  return data->is_all;
}

static gboolean code_is_reached(const FixtureData *data, const gchar *code) {
  g_auto(GStrv) words = source_words(code);
  return mentions_reached(data, words);
}

static gboolean claim_is_reached(const FixtureData *data, const Claim *claim) {
  guint first = claim->group_line != 0 ? claim->group_line : claim->first_line;
  if ((claim->names != NULL && code_is_reached(data, claim->names)) ||
      (claim->code != NULL && code_is_reached(data, claim->code)) || data->is_all)
    return TRUE;
  if (first == 0) /* all that the snippet wrote, or variables at a place */
    return claim->target != CLAIM_OF_NAMES && fixture_data_reaches(data, 1, G_MAXUINT);
  return fixture_data_reaches(data, first, claim->last_line) ||
         (claim->rival != 0 && fixture_data_reaches(data, claim->rival, claim->rival));
}

/* The statement that a claim speaks of. */
static gchar *code_of(const FixtureData *data, const Claim *claim) {
  GString *code = g_string_new(claim->code);
  for (guint i = 0; i < data->rows->len; i++) {
    const SourceRow *row = g_ptr_array_index(data->rows, i);
    if (row->first_line <= claim->last_line && row->last_line >= claim->first_line)
      g_string_append(code, row->code);
  }
  return g_string_free(code, FALSE);
}

static gboolean is_word_alone(const gchar *text, const gchar *word) {
  gsize length = strlen(word);
  return g_str_has_prefix(text, word) && text[length + strspn(text + length, " \n")] == '\0';
}

/* What a function of the snippet gives back may be its own doing, and depend on rows. */
static gboolean names_own_method(const FixtureData *data, const gchar *code) {
  for (guint i = 0; i < data->rows->len; i++) {
    const SourceRow *row = g_ptr_array_index(data->rows, i);
    if (source_row_begins(row, "def") && row->words[0] != NULL && row->words[1] != NULL &&
        strstr(code, row->words[1]) != NULL)
      return TRUE;
  }
  return FALSE;
}

const gchar *fixture_data_pardon(const FixtureData *data, const Claim *claim, const gchar *actual) {
  if (data == NULL || !claim_is_reached(data, claim))
    return NULL;
  gboolean is_of_value = claim->target == CLAIM_OF_LINE || claim->target == CLAIM_OF_NAMES ||
                         claim->target == CLAIM_OF_EXAMPLE;
  if (!is_of_value || actual == NULL || claim->first_line == 0)
    return data->reason;
  g_autofree gchar *code = code_of(data, claim);
  if (is_word_alone(claim->expected, "True") && is_word_alone(actual, "False") &&
      sides_are_same(code) && !names_own_method(data, code))
    return NULL;
  return literal_shape_differs(claim->expected, actual, code) ? NULL : data->reason;
}

/* --- exceptions ------------------------------------------------------------------------ */

/* "'Author' object has no attribute 'x'", "Book() got an unexpected keyword argument", and what
 * comes of a row that is not there. */
static gboolean names_data(const FixtureData *data, const gchar *message) {
  g_auto(GStrv) words = source_words(message);
  for (gchar **word = words; *word != NULL; word++) {
    gboolean is_provided = g_strv_contains((const gchar *const *)data->fixture->provides, *word) &&
                           !is_tool(data->fixture, *word);
    if (strcmp(*word, "NoneType") == 0 || strcmp(*word, "empty") == 0 || is_provided)
      return TRUE;
  }
  return FALSE;
}

static gboolean is_asserted(const FixtureData *data, const Raised *raised) {
  for (guint i = 0; i < data->rows->len; i++) {
    const SourceRow *row = g_ptr_array_index(data->rows, i);
    if (row->first_line <= raised->line && row->last_line >= raised->line)
      return strstr(row->code, "assert") != NULL;
  }
  return FALSE;
}

static gboolean is_of_data(const FixtureData *data, const Raised *raised) {
  static const gchar *const of_rows[] = {"ObjectDoesNotExist",
                                         "MultipleObjectsReturned",
                                         "Http404",
                                         "FieldError",
                                         "FieldDoesNotExist",
                                         "IntegrityError",
                                         "DataError",
                                         "IndexError",
                                         "KeyError"};
  static const gchar *const of_models[] = {"AttributeError", "TypeError", "ValueError"};
  const gchar *message = raised->message != NULL ? raised->message : "";
  for (gsize i = 0; i < G_N_ELEMENTS(of_rows); i++)
    if (raised_is(raised, of_rows[i]))
      return TRUE;
  if (raised_is(raised, "AssertionError"))
    return is_asserted(data, raised);
  for (gsize i = 0; i < G_N_ELEMENTS(of_models); i++)
    if (raised_is(raised, of_models[i]))
      return names_data(data, message);
  return FALSE;
}

gchar *fixture_data_explains(const FixtureData *data, const Raised *raised) {
  if (data == NULL || raised->line == 0 ||
      !(fixture_data_reaches(data, raised->line, raised->line) ||
        (raised->outer_line != 0 &&
         fixture_data_reaches(data, raised->outer_line, raised->outer_line))) ||
      !is_of_data(data, raised))
    return NULL;
  const gchar *point = strrchr(raised->type, '.');
  return g_strdup_printf("the author's own rows or models: %s with those of fixture '%s'",
                         point != NULL ? point + 1 : raised->type, data->fixture->name);
}
