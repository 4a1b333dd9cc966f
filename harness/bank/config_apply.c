/* What a configuration says, given to the snippets that it speaks of. */
#include <fnmatch.h>
#include <string.h>

#include "bank/config_file.h"
#include "bank/headings.h"
#include "bank/paths.h"
#include "bank/suggest.h"

#define IDS_NAMED 5

/* One entry of the file while documents are gone through. */
typedef struct {
  const ConfigDocument *entry;
  gchar *real_path;     /* of one that is no pattern */
  GHashTable *sections; /* title -> ConfigPart * */
  GHashTable *snippets; /* end of an id -> ConfigPart * */
  GHashTable *found;    /* ConfigPart * that some document has */
  guint matched;        /* documents that it fits */
} Rule;

typedef struct {
  const Config *config;
  const GPtrArray *documents;
  GPtrArray *rules; /* Rule * */
  GError **error;
} Apply;

static GHashTable *parts_by_name(const GPtrArray *parts) {
  GHashTable *table = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < parts->len; i++) {
    ConfigPart *part = g_ptr_array_index(parts, i);
    g_hash_table_insert(table, part->name, part);
  }
  return table;
}

static Rule *rule_new(const Files *files, const ConfigDocument *entry) {
  Rule *rule = g_new0(Rule, 1);
  rule->entry = entry;
  rule->real_path = entry->is_pattern ? NULL : files_real(files, entry->path);
  rule->sections = parts_by_name(entry->sections);
  rule->snippets = parts_by_name(entry->snippets);
  rule->found = g_hash_table_new(NULL, NULL);
  return rule;
}

static void rule_free(gpointer data) {
  Rule *rule = data;
  g_free(rule->real_path);
  g_hash_table_unref(rule->sections);
  g_hash_table_unref(rule->snippets);
  g_hash_table_unref(rule->found);
  g_free(rule);
}

G_GNUC_PRINTF(4, 5)
static gboolean refuse(const Apply *apply, guint line, guint column, const gchar *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree gchar *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  return config_refuse(apply->config, line, column, CONFIG_ERROR_NAMES, apply->error, "%s",
                       message);
}

/* --- which entries fit a document ------------------------------------------------------- */

/* Rule *, in the order of the file. */
static GPtrArray *rules_of(const Apply *apply, const Document *document) {
  g_autofree gchar *path = g_canonicalize_filename(document->path, NULL);
  g_autofree gchar *real = files_real(apply->config->files, path);
  GPtrArray *fitting = g_ptr_array_new();
  for (guint i = 0; i < apply->rules->len; i++) {
    Rule *rule = g_ptr_array_index(apply->rules, i);
    const gchar *own = rule->entry->path;
    gboolean fits = rule->entry->is_pattern
                        ? fnmatch(own, path, FNM_PATHNAME | FNM_PERIOD) == 0 ||
                              fnmatch(own, real, FNM_PATHNAME | FNM_PERIOD) == 0
                        : g_str_equal(own, path) || g_str_equal(rule->real_path, real);
    if (!fits)
      continue;
    rule->matched++;
    g_ptr_array_add(fitting, rule);
  }
  return fitting;
}

/* --- one document ------------------------------------------------------------------------- */

/* Calls settings over what stands so far for each title above the snippet, outermost first. */
static void sections_override(Settings *settings, const Rule *rule, const Question *question) {
  if (question == NULL || g_hash_table_size(rule->sections) == 0)
    return;
  for (gchar **title = question->section; *title != NULL; title++) {
    const ConfigPart *part = g_hash_table_lookup(rule->sections, *title);
    if (part != NULL)
      settings_override(settings, part->settings);
  }
  const ConfigPart *part = g_hash_table_lookup(rule->sections, question->title);
  if (part != NULL)
    settings_override(settings, part->settings);
}

/* Ends of an id at a '/', the shortest first: what says more counts more. */
static void snippets_override(Settings *settings, const Rule *rule, const gchar *id) {
  if (g_hash_table_size(rule->snippets) == 0)
    return;
  for (const gchar *at = id + strlen(id); at > id; at--) {
    if (at[-1] != '/')
      continue;
    const ConfigPart *part = g_hash_table_lookup(rule->snippets, at);
    if (part != NULL)
      settings_override(settings, part->settings);
  }
  const ConfigPart *part = g_hash_table_lookup(rule->snippets, id);
  if (part != NULL)
    settings_override(settings, part->settings);
}

static gboolean says_something(const Settings *settings) {
  return settings->fixture != NULL || settings->variant != NULL || settings->skip != NULL ||
         settings->python != NULL || settings->wall_ms != 0 || settings->memory_bytes != 0 ||
         settings->output_bytes != 0;
}

/* NULL for nothing. */
static Settings *settings_of(const Apply *apply, const GPtrArray *rules, const Snippet *snippet) {
  g_autoptr(Settings) settings = settings_new();
  settings_override(settings, apply->config->settings);
  for (guint i = 0; i < rules->len; i++)
    settings_override(settings, ((const Rule *)g_ptr_array_index(rules, i))->entry->settings);
  for (guint i = 0; i < rules->len; i++)
    sections_override(settings, g_ptr_array_index(rules, i), snippet->question);
  for (guint i = 0; i < rules->len; i++)
    snippets_override(settings, g_ptr_array_index(rules, i), snippet->id);
  return says_something(settings) ? g_steal_pointer(&settings) : NULL;
}

/* --- what is named and not there ------------------------------------------------------------ */

static void sections_note(Rule *rule, const Document *document) {
  if (g_hash_table_size(rule->sections) == 0)
    return;
  for (guint i = 0; i < document->questions->len; i++) {
    const Question *question = g_ptr_array_index(document->questions, i);
    ConfigPart *part = g_hash_table_lookup(rule->sections, question->title);
    if (part != NULL)
      g_hash_table_add(rule->found, part);
    for (gchar **title = question->section; *title != NULL; title++) {
      part = g_hash_table_lookup(rule->sections, *title);
      if (part != NULL)
        g_hash_table_add(rule->found, part);
    }
  }
}

static gboolean id_ends_with(const gchar *id, const gchar *end) {
  gsize whole = strlen(id), length = strlen(end);
  return whole >= length && strcmp(id + whole - length, end) == 0 &&
         (whole == length || id[whole - length - 1] == '/');
}

static gboolean ambiguity_refuse(const Apply *apply, const ConfigPart *part,
                                 const Document *document) {
  g_autoptr(GString) ids = g_string_new(NULL);
  guint count = 0;
  for (guint i = 0; i < document->snippets->len; i++) {
    const Snippet *snippet = g_ptr_array_index(document->snippets, i);
    if (id_ends_with(snippet->id, part->name) && count++ < IDS_NAMED)
      g_string_append_printf(ids, "%s%s", ids->len > 0 ? ", " : "", snippet->id);
  }
  if (count > IDS_NAMED)
    g_string_append_printf(ids, " and %u more", count - IDS_NAMED);
  return refuse(apply, part->line, part->column, "'%s' fits %u snippets: %s", part->name, count,
                ids->str);
}

/* Says which snippets the document has; FALSE where a name fits several of one document. A whole
 * id is never ambiguous. */
static gboolean snippets_note(const Apply *apply, Rule *rule, const Document *document) {
  if (g_hash_table_size(rule->snippets) == 0)
    return TRUE;
  g_autoptr(GHashTable) here = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < document->snippets->len; i++) {
    const Snippet *snippet = g_ptr_array_index(document->snippets, i);
    for (const gchar *at = snippet->id; at != NULL; at = strchr(at, '/')) {
      at += at != snippet->id;
      ConfigPart *part = g_hash_table_lookup(rule->snippets, at);
      if (part == NULL)
        continue;
      if (!g_hash_table_add(here, part))
        return ambiguity_refuse(apply, part, document);
      g_hash_table_add(rule->found, part);
    }
  }
  return TRUE;
}

/* TRUE where every file that the entry names is among the documents, so that all that it can speak
 * of is known. */
static gboolean is_complete(const Apply *apply, const Rule *rule) {
  const ConfigDocument *entry = rule->entry;
  if (!entry->is_pattern)
    return rule->matched > 0;
  guint count = path_count_matches(apply->config->files, entry->path, rule->matched + 1);
  return count > 0 && count <= rule->matched;
}

static gboolean exists(const Apply *apply, const ConfigDocument *entry) {
  const Files *files = apply->config->files;
  return entry->is_pattern ? path_count_matches(files, entry->path, 1) > 0
                           : files_kind(files, entry->path) == FILE_REGULAR;
}

static gboolean document_refuse(const Apply *apply, const ConfigDocument *entry) {
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  gsize length = strlen(apply->config->folder);
  for (guint i = 0; i < apply->documents->len; i++) {
    const Document *document = g_ptr_array_index(apply->documents, i);
    g_autofree gchar *path = g_canonicalize_filename(document->path, NULL);
    if (g_str_has_prefix(path, apply->config->folder) && path[length] == '/')
      g_ptr_array_add(names, g_strdup(path + length + 1));
  }
  g_autofree gchar *excerpt = config_excerpt(entry->name);
  g_autofree gchar *hint = suggestion(entry->name, (const gchar *const *)names->pdata, names->len);
  return refuse(apply, entry->line, entry->column, "there is no document '%s'%s", excerpt, hint);
}

static gboolean fits(const Rule *rule, const GPtrArray *rules) {
  return g_ptr_array_find((GPtrArray *)rules, rule, NULL);
}

static gboolean section_refuse(const Apply *apply, const Rule *rule, const ConfigPart *part) {
  g_autoptr(GPtrArray) titles = g_ptr_array_new();
  for (guint i = 0; i < apply->documents->len; i++) {
    const Document *document = g_ptr_array_index(apply->documents, i);
    g_autoptr(GPtrArray) rules = rules_of(apply, document);
    for (guint k = 0; fits(rule, rules) && k < document->questions->len; k++) {
      const Question *question = g_ptr_array_index(document->questions, k);
      g_ptr_array_add(titles, question->title);
      for (gchar **title = question->section; *title != NULL; title++)
        g_ptr_array_add(titles, *title);
    }
  }
  g_autofree gchar *number = NULL, *bare = NULL;
  heading_split(part->name, &number, &bare);
  g_autofree gchar *excerpt = config_excerpt(part->name);
  g_autofree gchar *hint =
      number != NULL && g_ptr_array_find_with_equal_func(titles, bare, g_str_equal, NULL)
          ? g_strdup_printf(": without its number it is '%s'", bare)
          : suggestion(bare, (const gchar *const *)titles->pdata, titles->len);
  return refuse(apply, part->line, part->column, "there is no section '%s' in '%s'%s", excerpt,
                rule->entry->name, hint);
}

static gboolean snippet_refuse(const Apply *apply, const Rule *rule, const ConfigPart *part) {
  g_autoptr(GPtrArray) ends = g_ptr_array_new();
  gboolean has_path = strchr(part->name, '/') != NULL;
  for (guint i = 0; i < apply->documents->len; i++) {
    const Document *document = g_ptr_array_index(apply->documents, i);
    g_autoptr(GPtrArray) rules = rules_of(apply, document);
    for (guint k = 0; fits(rule, rules) && k < document->snippets->len; k++) {
      const Snippet *snippet = g_ptr_array_index(document->snippets, k);
      const gchar *last = strrchr(snippet->id, '/') + 1;
      const gchar *own = snippet->id + strlen(document->name) + 1;
      g_ptr_array_add(ends, (gpointer)(has_path ? own : last));
    }
  }
  g_autofree gchar *excerpt = config_excerpt(part->name);
  g_autofree gchar *hint = suggestion(part->name, (const gchar *const *)ends->pdata, ends->len);
  return refuse(apply, part->line, part->column, "there is no snippet '%s' in '%s'%s", excerpt,
                rule->entry->name, hint);
}

static gboolean rule_check(const Apply *apply, const Rule *rule) {
  const ConfigDocument *entry = rule->entry;
  if (rule->matched == 0)
    return exists(apply, entry) || document_refuse(apply, entry);
  if (!is_complete(apply, rule))
    return TRUE;
  for (guint i = 0; i < entry->sections->len; i++)
    if (!g_hash_table_contains(rule->found, g_ptr_array_index(entry->sections, i)))
      return section_refuse(apply, rule, g_ptr_array_index(entry->sections, i));
  for (guint i = 0; i < entry->snippets->len; i++)
    if (!g_hash_table_contains(rule->found, g_ptr_array_index(entry->snippets, i)))
      return snippet_refuse(apply, rule, g_ptr_array_index(entry->snippets, i));
  return TRUE;
}

/* --- all ----------------------------------------------------------------------------------- */

gboolean config_apply(const Config *config, const GPtrArray *documents, GError **error) {
  g_autoptr(GPtrArray) rules = g_ptr_array_new_with_free_func(rule_free);
  /* Settings *, one for each snippet of each document; NULL for none. */
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)settings_free);
  Apply apply = {.config = config, .documents = documents, .rules = rules, .error = error};
  for (guint i = 0; i < config->documents->len; i++)
    g_ptr_array_add(rules, rule_new(config->files, g_ptr_array_index(config->documents, i)));
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    g_autoptr(GPtrArray) fitting = rules_of(&apply, document);
    for (guint k = 0; k < fitting->len; k++) {
      sections_note(g_ptr_array_index(fitting, k), document);
      if (!snippets_note(&apply, g_ptr_array_index(fitting, k), document))
        return FALSE;
    }
    for (guint k = 0; k < document->snippets->len; k++)
      g_ptr_array_add(all, settings_of(&apply, fitting, g_ptr_array_index(document->snippets, k)));
  }
  for (guint i = 0; i < rules->len; i++)
    if (!rule_check(&apply, g_ptr_array_index(rules, i)))
      return FALSE;
  guint next = 0;
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    for (guint k = 0; k < document->snippets->len; k++, next++) {
      Snippet *snippet = g_ptr_array_index(document->snippets, k);
      settings_free(snippet->settings);
      snippet->settings = g_steal_pointer(&g_ptr_array_index(all, next));
    }
  }
  return TRUE;
}
