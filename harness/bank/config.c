/* The file: YAML by libyaml, whose tree of nodes keeps lines and columns, and what each key takes.
 */
#include "bank/config.h"

#include <string.h>

#include "bank/bank_files.h"
#include "bank/config_file.h"
#include "bank/config_keys.h"
#include "bank/paths.h"

G_DEFINE_QUARK(proctor - config - error - quark, config_error)

/* Nobody writes a larger one. */
#define CONFIG_MAX (1u << 20)
#define EXCERPT_CHARACTERS 60
/* Nor goes deeper, or has so many anchors: libyaml's time grows with the square of either. */
#define DEPTH_MAX 32
#define ANCHORS_MAX 1000

void config_free(Config *config) {
  if (config == NULL)
    return;
  g_free(config->path);
  g_free(config->shown_path);
  g_free(config->folder);
  settings_free(config->settings);
  g_strfreev(config->fixtures);
  g_free(config->expected);
  g_ptr_array_unref(config->documents);
  g_free(config);
}

const gchar *config_path(const Config *config) {
  return config->path;
}

const gchar *const *config_fixtures(const Config *config) {
  return (const gchar *const *)config->fixtures;
}

const gchar *config_expected(const Config *config) {
  return config->expected;
}

static gboolean is_file(const Files *files, const gchar *path) {
  return files_kind(files, path) == FILE_REGULAR;
}

gchar *config_find(const Files *files, const GPtrArray *documents) {
  return path_find_above(files, documents, CONFIG_NAME, is_file);
}

/* --- errors -------------------------------------------------------------------------- */

gchar *config_excerpt(const gchar *text) {
  if (g_utf8_strlen(text, -1) <= EXCERPT_CHARACTERS)
    return g_strdup(text);
  g_autofree gchar *head = g_utf8_substring(text, 0, EXCERPT_CHARACTERS);
  return g_strconcat(head, "...", NULL);
}

gboolean config_refuse(const Config *config, guint line, guint column, ConfigError code,
                       GError **error, const gchar *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree gchar *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error(error, CONFIG_ERROR, code, "%s:%u:%u: %s", config->shown_path, line, column, message);
  return FALSE;
}

/* --- YAML ------------------------------------------------------------------------------ */

/* Line and column, from 0, of an offset. */
static yaml_mark_t mark_of(const gchar *text, gsize size, gsize offset) {
  yaml_mark_t mark = {0};
  for (gsize i = 0; i < MIN(size, offset); i++) {
    if (text[i] == '\n') {
      mark.line++;
      mark.column = 0;
    } else if (((guchar)text[i] & 0xc0) != 0x80) {
      mark.column++;
    }
  }
  return mark;
}

/* The byte at a mark, '\0' where there is none. */
static gchar byte_at(const gchar *text, gsize size, const yaml_mark_t *mark) {
  return mark->index < size ? text[mark->index] : '\0';
}

static gboolean parser_refuse(const Config *config, const yaml_parser_t *parser, const gchar *text,
                              gsize size, GError **error) {
  yaml_mark_t mark = parser->problem_mark;
  const gchar *problem = parser->problem != NULL ? parser->problem : "no YAML";
  g_autofree gchar *own = NULL;
  if (parser->error == YAML_READER_ERROR)
    mark = mark_of(text, size, parser->problem_offset);
  else if (parser->error == YAML_SCANNER_ERROR && byte_at(text, size, &mark) == '\t')
    own = g_strdup("a tab cannot indent: use blanks");
  else if (parser->context != NULL)
    own = g_strdup_printf("%s, %s", problem, parser->context);
  return config_refuse(config, (guint)mark.line + 1, (guint)mark.column + 1, CONFIG_ERROR_SYNTAX,
                       error, "%s", own != NULL ? own : problem);
}

/* One event of the first pass. */
static gboolean event_check(const Config *config, const yaml_event_t *event, guint *depth,
                            guint *anchors, GError **error) {
  guint line = (guint)event->start_mark.line + 1, column = (guint)event->start_mark.column + 1;
  const yaml_char_t *anchor = NULL;
  switch (event->type) {
  case YAML_SEQUENCE_START_EVENT:
    anchor = event->data.sequence_start.anchor;
    ++*depth;
    break;
  case YAML_MAPPING_START_EVENT:
    anchor = event->data.mapping_start.anchor;
    ++*depth;
    break;
  case YAML_SEQUENCE_END_EVENT:
  case YAML_MAPPING_END_EVENT:
    --*depth;
    break;
  case YAML_SCALAR_EVENT:
    anchor = event->data.scalar.anchor;
    break;
  default:
    break;
  }
  *anchors += anchor != NULL;
  if (*depth > DEPTH_MAX)
    return config_refuse(config, line, column, CONFIG_ERROR_SYNTAX, error,
                         "more than %d levels deep", DEPTH_MAX);
  if (*anchors > ANCHORS_MAX)
    return config_refuse(config, line, column, CONFIG_ERROR_SYNTAX, error, "more than %d anchors",
                         ANCHORS_MAX);
  return TRUE;
}

/* A first pass: whether the file is YAML that can be made into a tree in reasonable time. */
static gboolean shape_check(const Config *config, yaml_parser_t *parser, const gchar *text,
                            gsize size, GError **error) {
  guint depth = 0, anchors = 0;
  for (gboolean has_ended = FALSE; !has_ended;) {
    yaml_event_t event;
    if (!yaml_parser_parse(parser, &event))
      return parser_refuse(config, parser, text, size, error);
    has_ended = event.type == YAML_STREAM_END_EVENT;
    gboolean is_fine = event_check(config, &event, &depth, &anchors, error);
    yaml_event_delete(&event);
    if (!is_fine)
      return FALSE;
  }
  return TRUE;
}

/* The one document of the stream. */
static gboolean stream_read(Config *config, yaml_parser_t *parser, const gchar *text, gsize size,
                            GError **error) {
  for (guint number = 1;; number++) {
    yaml_document_t tree;
    if (!yaml_parser_load(parser, &tree))
      return parser_refuse(config, parser, text, size, error);
    const yaml_node_t *root = yaml_document_get_root_node(&tree);
    gboolean is_fine = TRUE;
    if (root != NULL && number > 1)
      is_fine =
          config_refuse(config, (guint)tree.start_mark.line + 1, (guint)tree.start_mark.column + 1,
                        CONFIG_ERROR_SYNTAX, error, "a second YAML document begins here");
    else if (root != NULL)
      is_fine = config_tree_read(config, &tree, error);
    yaml_document_delete(&tree);
    if (!is_fine || root == NULL)
      return is_fine;
  }
}

/* Runs a pass over the text. */
static gboolean pass_run(Config *config, const gchar *text, gsize size, gboolean is_first,
                         GError **error) {
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser))
    g_error("out of memory");
  yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser, (const guchar *)(size > 0 ? text : ""), size);
  gboolean is_fine = is_first ? shape_check(config, &parser, text, size, error)
                              : stream_read(config, &parser, text, size, error);
  yaml_parser_delete(&parser);
  return is_fine;
}

Config *config_parse(const Files *files, const gchar *path, const gchar *text, gsize size,
                     GError **error) {
  g_autoptr(Config) config = g_new0(Config, 1);
  config->files = files;
  config->path = g_strdup(path);
  config->shown_path = path_shown(path);
  g_autofree gchar *whole = g_canonicalize_filename(path, NULL);
  config->folder = g_path_get_dirname(whole);
  config->settings = settings_new();
  config->documents = g_ptr_array_new_with_free_func(config_document_free);
  if (!pass_run(config, text, size, TRUE, error) || !pass_run(config, text, size, FALSE, error))
    return NULL;
  return g_steal_pointer(&config);
}

Config *config_read(const Files *files, const gchar *path, GError **error) {
  g_autofree gchar *text = NULL;
  g_autoptr(GError) failure = NULL;
  gsize size;
  if (!bank_file_load(files, path, &text, &size, &failure)) {
    g_set_error_literal(error, CONFIG_ERROR, CONFIG_ERROR_READ, failure->message);
    return NULL;
  }
  if (size > CONFIG_MAX) {
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_READ, "%s: larger than %u MB", path,
                CONFIG_MAX >> 20);
    return NULL;
  }
  return config_parse(files, path, text, size, error);
}
