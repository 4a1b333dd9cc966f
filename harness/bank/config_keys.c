/* Every key, and what it takes. */
#include "bank/config_keys.h"

#include <string.h>

#include "bank/config_file.h"
#include "bank/config_values.h"
#include "bank/suggest.h"
#include "model/expectation.h"

typedef struct {
  Config *config;
  yaml_document_t *tree;
  GError **error;
} Reading;

/* What libyaml counts from 0. */
static guint line_of(const yaml_node_t *node) {
  return (guint)node->start_mark.line + 1;
}

static guint column_of(const yaml_node_t *node) {
  return (guint)node->start_mark.column + 1;
}

G_GNUC_PRINTF(3, 4)
static gboolean refuse(const Reading *reading, const yaml_node_t *node, const gchar *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree gchar *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  return config_refuse(reading->config, line_of(node), column_of(node), CONFIG_ERROR_SYNTAX,
                       reading->error, "%s", message);
}

static void part_free(gpointer data) {
  ConfigPart *part = data;
  g_free(part->name);
  settings_free(part->settings);
  g_free(part);
}

void config_document_free(gpointer data) {
  ConfigDocument *document = data;
  g_free(document->name);
  g_free(document->path);
  settings_free(document->settings);
  g_ptr_array_unref(document->sections);
  g_ptr_array_unref(document->snippets);
  g_free(document);
}

/* --- nodes ------------------------------------------------------------------------------- */

/* A scalar's text; NULL with an error for anything else, and for one with a NUL. */
static const gchar *text_of(const Reading *reading, const yaml_node_t *node, const gchar *what) {
  if (node->type != YAML_SCALAR_NODE) {
    refuse(reading, node, "%s has to be a text, not a %s", what,
           node->type == YAML_SEQUENCE_NODE ? "list" : "mapping");
    return NULL;
  }
  const gchar *text = (const gchar *)node->data.scalar.value;
  if (strlen(text) != node->data.scalar.length) {
    refuse(reading, node, "there is a NUL in %s", what);
    return NULL;
  }
  return text;
}

/* `key:` with nothing behind it, or with a null. */
static gboolean is_nothing(const yaml_node_t *node) {
  if (node->type != YAML_SCALAR_NODE || node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
    return FALSE;
  const gchar *text = (const gchar *)node->data.scalar.value;
  return *text == '\0' || g_str_equal(text, "~") || g_ascii_strcasecmp(text, "null") == 0;
}

/* Goes through the entries of a mapping; nothing counts as an empty one. */
typedef gboolean (*EntryReader)(Reading *reading, const gchar *key, const yaml_node_t *key_node,
                                const yaml_node_t *value, gpointer data);

static gboolean mapping_read(Reading *reading, const yaml_node_t *node, const gchar *what,
                             EntryReader entry_read, gpointer data) {
  if (is_nothing(node))
    return TRUE;
  if (node->type != YAML_MAPPING_NODE)
    return refuse(reading, node, "%s has to be a mapping of keys to values", what);
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
       pair++) {
    const yaml_node_t *key_node = yaml_document_get_node(reading->tree, pair->key);
    const yaml_node_t *value = yaml_document_get_node(reading->tree, pair->value);
    const gchar *key = text_of(reading, key_node, "a key");
    if (key == NULL)
      return FALSE;
    if (!g_hash_table_add(seen, (gpointer)key)) {
      g_autofree gchar *excerpt = config_excerpt(key);
      return refuse(reading, key_node, "'%s' is there twice", excerpt);
    }
    if (!entry_read(reading, key, key_node, value, data))
      return FALSE;
  }
  return TRUE;
}

/* --- settings ------------------------------------------------------------------------------ */

/* Every key, and where it can stand. */
enum { AT_BANK = 1 << 0, AT_DOCUMENT = 1 << 1, AT_PART = 1 << 2 };
#define AT_ALL (AT_BANK | AT_DOCUMENT | AT_PART)

static const struct {
  const gchar *name;
  guint levels;
  const gchar *elsewhere; /* where it belongs */
} keys[] = {
    {"fixture", AT_ALL, NULL},
    {"variant", AT_ALL, NULL},
    {"skip", AT_ALL, NULL},
    {"python", AT_ALL, NULL},
    {"timeout", AT_ALL, NULL},
    {"memory", AT_ALL, NULL},
    {"output", AT_ALL, NULL},
    {"fixtures", AT_BANK, "at the top of the file"},
    {"expected", AT_BANK, "at the top of the file"},
    {"documents", AT_BANK, "at the top of the file"},
    {"sections", AT_DOCUMENT, "under a document"},
    {"snippets", AT_DOCUMENT, "under a document"},
};

static gboolean key_refuse(const Reading *reading, const yaml_node_t *node, const gchar *key,
                           guint level) {
  const gchar *known[G_N_ELEMENTS(keys)];
  guint count = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
    if (g_str_equal(keys[i].name, key))
      return refuse(reading, node, "'%s' stands %s, not here", key, keys[i].elsewhere);
    if (keys[i].levels & level)
      known[count++] = keys[i].name;
  }
  if (g_str_equal(key, "<<"))
    return refuse(reading, node, "'<<' is not read: write out what is to be merged");
  g_autofree gchar *excerpt = config_excerpt(key);
  g_autofree gchar *hint = suggestion(key, known, count);
  return refuse(reading, node, "unknown key '%s'%s", excerpt, hint);
}

static gchar *place_of(const Reading *reading, const yaml_node_t *node) {
  return g_strdup_printf("%s:%u:%u", reading->config->shown_path, line_of(node), column_of(node));
}

static gboolean is_name_of_file(const gchar *text) {
  return *text != '\0' && *text != '.' && strchr(text, '/') == NULL;
}

/* One of the settings that each level can have; is_known is FALSE where the key is none. */
static gboolean setting_read(Reading *reading, const gchar *key, const yaml_node_t *node,
                             Settings *settings, gboolean *is_known) {
  static const gchar *const names[] = {"fixture", "variant", "skip",   "python",
                                       "timeout", "memory",  "output", NULL};
  *is_known = g_strv_contains(names, key);
  if (!*is_known)
    return TRUE;
  if (is_nothing(node))
    return refuse(reading, node, "'%s' has no value", key);
  const gchar *text = text_of(reading, node, key);
  if (text == NULL)
    return FALSE;
  g_autofree gchar *excerpt = config_excerpt(text);
  if (g_str_equal(key, "fixture")) {
    if (!is_name_of_file(text))
      return refuse(reading, node, "'fixture' takes a fixture's name, or none: '%s'", excerpt);
    settings->fixture = g_strdup(text);
    settings->fixture_place = place_of(reading, node);
  } else if (g_str_equal(key, "variant")) {
    if (!is_name_of_file(text))
      return refuse(reading, node, "'variant' takes the name of a fixture's variant: '%s'",
                    excerpt);
    settings->variant = g_strdup(text);
    settings->variant_place = place_of(reading, node);
  } else if (g_str_equal(key, "skip")) {
    settings->skip = config_reason(text);
    if (settings->skip == NULL)
      return refuse(reading, node, "'skip' takes the reason, in words: '%s'", excerpt);
  } else if (g_str_equal(key, "python")) {
    if (!python_range_is_fine(text))
      return refuse(reading, node,
                    "'python' takes versions such as \"3.12\", \"3.9-3.11\", \"3.12+\": '%s'",
                    excerpt);
    settings->python = g_strdup(text);
  } else if (g_str_equal(key, "timeout")) {
    if (!config_seconds(text, &settings->wall_ms))
      return refuse(reading, node, "'timeout' takes seconds, more than 0 and at most %u: '%s'",
                    CONFIG_SECONDS_MAX, excerpt);
  } else if (g_str_equal(key, "memory")) {
    if (!config_size(text, CONFIG_MEMORY_MIN, CONFIG_MEMORY_MAX, &settings->memory_bytes))
      return refuse(reading, node, "'memory' takes a size from 16 MB to 1024 GB: '%s'", excerpt);
  } else if (!config_size(text, CONFIG_OUTPUT_MIN, CONFIG_OUTPUT_MAX, &settings->output_bytes)) {
    return refuse(reading, node, "'output' takes a size from 1 kB to 1 GB: '%s'", excerpt);
  }
  return TRUE;
}

/* --- documents, sections, snippets ------------------------------------------------------------ */

static gboolean part_entry_read(Reading *reading, const gchar *key, const yaml_node_t *key_node,
                                const yaml_node_t *value, gpointer data) {
  gboolean is_known;
  if (!setting_read(reading, key, value, data, &is_known))
    return FALSE;
  return is_known || key_refuse(reading, key_node, key, AT_PART);
}

/* data: GPtrArray of ConfigPart. */
static gboolean part_read(Reading *reading, const gchar *key, const yaml_node_t *key_node,
                          const yaml_node_t *value, gpointer data) {
  ConfigPart *part = g_new0(ConfigPart, 1);
  part->name = g_strstrip(g_strdup(key));
  part->line = line_of(key_node);
  part->column = column_of(key_node);
  part->settings = settings_new();
  g_ptr_array_add(data, part);
  g_autofree gchar *excerpt = config_excerpt(key);
  g_autofree gchar *what = g_strdup_printf("'%s'", excerpt);
  return mapping_read(reading, value, what, part_entry_read, part->settings);
}

static gboolean document_entry_read(Reading *reading, const gchar *key, const yaml_node_t *key_node,
                                    const yaml_node_t *value, gpointer data) {
  ConfigDocument *document = data;
  gboolean is_known;
  if (!setting_read(reading, key, value, document->settings, &is_known))
    return FALSE;
  if (is_known)
    return TRUE;
  if (g_str_equal(key, "sections"))
    return mapping_read(reading, value, "'sections'", part_read, document->sections);
  if (g_str_equal(key, "snippets"))
    return mapping_read(reading, value, "'snippets'", part_read, document->snippets);
  return key_refuse(reading, key_node, key, AT_DOCUMENT);
}

/* With a backslash before what '[' and '\' would mean to a shell, and '*' and '?' unless they
 * shall mean it. */
static gchar *pattern_escape(const gchar *text, const gchar *special) {
  GString *escaped = g_string_new(NULL);
  for (; *text != '\0'; text++) {
    if (strchr(special, *text) != NULL)
      g_string_append_c(escaped, '\\');
    g_string_append_c(escaped, *text);
  }
  return g_string_free(escaped, FALSE);
}

static gboolean document_read_entry(Reading *reading, const gchar *key, const yaml_node_t *key_node,
                                    const yaml_node_t *value, G_GNUC_UNUSED gpointer data) {
  if (*key == '\0')
    return refuse(reading, key_node, "a document without a name");
  const Config *config = reading->config;
  ConfigDocument *document = g_new0(ConfigDocument, 1);
  document->name = g_strdup(key);
  document->is_pattern = strpbrk(key, "*?") != NULL;
  if (document->is_pattern) {
    g_autofree gchar *folder = pattern_escape(config->folder, "[\\*?");
    g_autofree gchar *pattern = pattern_escape(key, "[\\");
    document->path = g_canonicalize_filename(pattern, folder);
  } else {
    document->path = g_canonicalize_filename(key, config->folder);
  }
  document->line = line_of(key_node);
  document->column = column_of(key_node);
  document->settings = settings_new();
  document->sections = g_ptr_array_new_with_free_func(part_free);
  document->snippets = g_ptr_array_new_with_free_func(part_free);
  g_ptr_array_add(config->documents, document);
  g_autofree gchar *excerpt = config_excerpt(key);
  g_autofree gchar *what = g_strdup_printf("'%s'", excerpt);
  return mapping_read(reading, value, what, document_entry_read, document);
}

/* --- the whole file ------------------------------------------------------------------------------
 */

/* A path from the file's folder; NULL with an error. */
static gchar *path_read(Reading *reading, const yaml_node_t *node, const gchar *key) {
  if (is_nothing(node)) {
    refuse(reading, node, "'%s' has no value", key);
    return NULL;
  }
  const gchar *text = text_of(reading, node, key);
  if (text == NULL)
    return NULL;
  if (*text == '\0') {
    refuse(reading, node, "'%s' names no folder", key);
    return NULL;
  }
  return g_canonicalize_filename(text, reading->config->folder);
}

static gchar *folder_read(Reading *reading, const yaml_node_t *node) {
  g_autofree gchar *path = path_read(reading, node, "fixtures");
  if (path == NULL || files_kind(reading->config->files, path) == FILE_FOLDER)
    return g_steal_pointer(&path);
  config_refuse(reading->config, line_of(node), column_of(node), CONFIG_ERROR_NAMES, reading->error,
                "there is no folder '%s'", (const gchar *)node->data.scalar.value);
  return NULL;
}

static gboolean fixtures_folders_read(Reading *reading, const yaml_node_t *node) {
  g_autoptr(GStrvBuilder) folders = g_strv_builder_new();
  if (node->type != YAML_SEQUENCE_NODE) {
    g_autofree gchar *folder = folder_read(reading, node);
    if (folder == NULL)
      return FALSE;
    g_strv_builder_add(folders, folder);
  } else {
    for (yaml_node_item_t *item = node->data.sequence.items.start;
         item < node->data.sequence.items.top; item++) {
      g_autofree gchar *folder = folder_read(reading, yaml_document_get_node(reading->tree, *item));
      if (folder == NULL)
        return FALSE;
      g_strv_builder_add(folders, folder);
    }
  }
  reading->config->fixtures = g_strv_builder_end(folders);
  return TRUE;
}

static gboolean expected_read(Reading *reading, const yaml_node_t *node) {
  g_autofree gchar *path = path_read(reading, node, "expected");
  if (path == NULL)
    return FALSE;
  /* It need not be there yet. */
  FileKind kind = files_kind(reading->config->files, path);
  if (kind == FILE_REGULAR || kind == FILE_OTHER)
    return config_refuse(reading->config, line_of(node), column_of(node), CONFIG_ERROR_NAMES,
                         reading->error, "'%s' is no folder",
                         (const gchar *)node->data.scalar.value);
  reading->config->expected = g_steal_pointer(&path);
  return TRUE;
}

static gboolean bank_entry_read(Reading *reading, const gchar *key, const yaml_node_t *key_node,
                                const yaml_node_t *value, G_GNUC_UNUSED gpointer data) {
  gboolean is_known;
  if (!setting_read(reading, key, value, reading->config->settings, &is_known))
    return FALSE;
  if (is_known)
    return TRUE;
  if (g_str_equal(key, "fixtures"))
    return fixtures_folders_read(reading, value);
  if (g_str_equal(key, "expected"))
    return expected_read(reading, value);
  if (g_str_equal(key, "documents"))
    return mapping_read(reading, value, "'documents'", document_read_entry, NULL);
  return key_refuse(reading, key_node, key, AT_BANK);
}

gboolean config_tree_read(Config *config, yaml_document_t *tree, GError **error) {
  Reading reading = {.config = config, .tree = tree, .error = error};
  const yaml_node_t *root = yaml_document_get_root_node(tree);
  return root == NULL || mapping_read(&reading, root, "the file", bank_entry_read, NULL);
}
