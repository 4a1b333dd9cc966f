#include "run/interpreter.h"

#include <glib/gstdio.h>
#include <string.h>

#include "run/runner.h"

/* Lines of ours behind those of the worker: while the first stays so, they can be trusted. */
#define WORD_TRUST "trust "
#define WORD_WORKER "worker "
#define WORD_LIBRARY "libpython "
#define WORD_PATH "path "
#define WORD_VERSION "version "
#define TEXT_MAX (1u << 20)

/* --- what is on the disk ----------------------------------------------- */

/* As zygote.c starts it: what the user has in the environment is not for snippets. */
static gchar *const environment[] = {(gchar *)"PATH=/usr/local/bin:/usr/bin:/bin",
                                     (gchar *)"HOME=/nonexistent", (gchar *)"LANG=C.UTF-8", NULL};

/* What follows each line's word, for the lines that have it; unowned strings in `lines`. */
static GPtrArray *values_of(GStrv lines, const gchar *word) {
  GPtrArray *values = g_ptr_array_new();
  for (gchar **line = lines; *line != NULL; line++)
    if (g_str_has_prefix(*line, word))
      g_ptr_array_add(values, *line + strlen(word));
  return values;
}

static const gchar *value_of(GStrv lines, const gchar *word) {
  g_autoptr(GPtrArray) values = values_of(lines, word);
  return values->len > 0 ? g_ptr_array_index(values, 0) : NULL;
}

static gint by_text(gconstpointer left, gconstpointer right) {
  return strcmp(*(const gchar *const *)left, *(const gchar *const *)right);
}

/* The names in a folder, sorted; none where it cannot be read. */
static GPtrArray *names_in(const gchar *folder) {
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
  for (const gchar *name; entries != NULL && (name = g_dir_read_name(entries)) != NULL;)
    if (!g_str_equal(name, "__pycache__"))
      g_ptr_array_add(names, g_strdup(name));
  g_ptr_array_sort(names, by_text);
  return names;
}

static void put_text(GChecksum *sum, const gchar *text) {
  g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text) + 1);
}

/* What Python runs, or reads folders from, when it starts. */
static gboolean is_startup_file(const gchar *name) {
  return g_str_has_suffix(name, ".pth") || g_str_equal(name, "sitecustomize.py") ||
         g_str_equal(name, "usercustomize.py");
}

static void put_file(GChecksum *sum, const gchar *folder, const gchar *name) {
  g_autofree gchar *path = g_build_filename(folder, name, NULL);
  g_autofree gchar *bytes = NULL;
  gsize size = 0;
  if (g_file_get_contents(path, &bytes, &size, NULL))
    g_checksum_update(sum, (const guchar *)bytes, (gssize)size);
}

/* libpython as a file, and what can give Python other folders. Not the times of folders: of a
 * machine that was made anew from the same image, nothing else is different. */
static gchar *trust_of(GStrv lines) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  g_autoptr(GPtrArray) folders = values_of(lines, WORD_PATH);
  const gchar *library = value_of(lines, WORD_LIBRARY);
  GStatBuf file;
  if (library == NULL || g_stat(library, &file) < 0)
    return NULL;
  g_autofree gchar *text = g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
                                           (gint64)file.st_size, (gint64)file.st_mtime);
  put_text(sum, text);
  for (guint i = 0; i < folders->len; i++) {
    const gchar *folder = g_ptr_array_index(folders, i);
    g_autoptr(GPtrArray) names = names_in(folder);
    for (guint k = 0; k < names->len; k++) {
      const gchar *name = g_ptr_array_index(names, k);
      if (!is_startup_file(name))
        continue;
      put_text(sum, name);
      put_file(sum, folder, name);
    }
  }
  return g_strdup(g_checksum_get_string(sum));
}

/* --- the interpreter --------------------------------------------------- */

gchar *interpreter_name(const gchar *worker) {
  GStatBuf file;
  if (g_stat(worker, &file) < 0)
    return NULL;
  return g_strdup_printf("interpreter %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld", worker,
                         (gint64)file.st_size, (gint64)file.st_mtim.tv_sec, file.st_mtim.tv_nsec);
}

static gchar *digest_of_file(const gchar *path) {
  g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
  if (file == NULL)
    return NULL;
  return g_compute_checksum_for_data(G_CHECKSUM_SHA256,
                                     (const guchar *)g_mapped_file_get_contents(file),
                                     g_mapped_file_get_length(file));
}

/* Of the text, with the worker's own digest in it, and of what is installed in its folders. */
static void digest(Interpreter *interpreter, GStrv lines) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  g_autoptr(GPtrArray) folders = values_of(lines, WORD_PATH);
  put_text(sum, interpreter->text);
  for (guint i = 0; i < folders->len; i++) {
    g_autoptr(GPtrArray) names = names_in(g_ptr_array_index(folders, i));
    put_text(sum, "");
    for (guint k = 0; k < names->len; k++)
      put_text(sum, g_ptr_array_index(names, k));
  }
  guint8 bytes[32];
  gsize size = sizeof bytes;
  g_checksum_get_digest(sum, bytes, &size);
  memcpy(interpreter->digest, bytes, RESULT_DIGEST);
}

Interpreter *interpreter_recall(const gchar *text) {
  if (text == NULL)
    return NULL;
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_autofree gchar *trust = trust_of(lines);
  const gchar *version = value_of(lines, WORD_VERSION);
  if (trust == NULL || version == NULL || value_of(lines, WORD_WORKER) == NULL ||
      g_strcmp0(value_of(lines, WORD_TRUST), trust) != 0)
    return NULL;
  Interpreter *interpreter = g_new0(Interpreter, 1);
  interpreter->text = g_strdup(text);
  interpreter->version = g_strdup(version);
  digest(interpreter, lines);
  return interpreter;
}

/* What the worker said, with our own lines; NULL where it is not what a worker says. */
static gchar *complete(const gchar *worker, const gchar *said) {
  if (strlen(said) > TEXT_MAX || !g_utf8_validate(said, -1, NULL))
    return NULL;
  g_auto(GStrv) lines = g_strsplit(said, "\n", -1);
  g_autofree gchar *trust = trust_of(lines);
  g_autofree gchar *own = digest_of_file(worker);
  if (trust == NULL || own == NULL)
    return NULL;
  return g_strdup_printf("%s" WORD_WORKER "%s\n" WORD_TRUST "%s\n", said, own, trust);
}

Interpreter *interpreter_ask(const gchar *worker, GError **error) {
  gchar *arguments[] = {(gchar *)worker, (gchar *)"--describe", NULL};
  g_autofree gchar *said = NULL;
  gint status = -1;
  if (!g_spawn_sync(NULL, arguments, (gchar **)environment, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                    &said, NULL, &status, NULL) ||
      status != 0)
    g_clear_pointer(&said, g_free);
  g_autofree gchar *text = said != NULL ? complete(worker, said) : NULL;
  Interpreter *interpreter = interpreter_recall(text);
  if (interpreter == NULL)
    g_set_error(error, RUN_ERROR, RUN_ERROR_START, "%s does not describe itself", worker);
  return interpreter;
}

void interpreter_free(Interpreter *interpreter) {
  if (interpreter == NULL)
    return;
  g_free(interpreter->text);
  g_free(interpreter->version);
  g_free(interpreter);
}
