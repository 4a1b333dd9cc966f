#include "bank/bank.h"

#include <string.h>

#include "bank/bank_files.h"
#include "bank/document_read.h"

G_DEFINE_QUARK(proctor - bank - error - quark, bank_error)

#define MATCHES_NAMED 5
#define CONTENT_ID_LEAST 7

static void problem_free(gpointer data) {
  BankProblem *problem = data;
  g_free(problem->path);
  g_free(problem->message);
  g_free(problem);
}

void bank_free(Bank *bank) {
  if (bank == NULL)
    return;
  g_ptr_array_unref(bank->documents);
  g_ptr_array_unref(bank->problems);
  g_free(bank);
}

Document *bank_parse(const gchar *path, const gchar *name, const gchar *text, gsize size) {
  g_autoptr(IdCounter) ids = id_counter_new();
  return document_read(path, name, text, size, ids);
}

static void add_problem(Bank *bank, const gchar *path, const GError *error) {
  BankProblem *problem = g_new0(BankProblem, 1);
  problem->path = g_strdup(path);
  problem->message = g_strdup(error->message);
  g_ptr_array_add(bank->problems, problem);
}

/* So long may the head of an expectation be. */
#define HEAD_MAX 4096

/* An expectation is a .txt file as well, and may lie in a folder that is walked; what
 * it holds is output, not code. */
static gboolean is_expectation(const gchar *bytes, gsize size) {
  g_autofree gchar *text = g_strndup(bytes, MIN(size, HEAD_MAX));
  const gchar *at = g_str_has_prefix(text, "\xef\xbb\xbf") ? text + 3 : text;
  if (!g_str_has_prefix(at, "---\n") && !g_str_has_prefix(at, "---\r\n"))
    return FALSE;
  const gchar *snippet = strstr(at, "\nsnippet:");
  const gchar *outcome = strstr(at, "\noutcome:");
  const gchar *end = strstr(at + 3, "\n---");
  return snippet != NULL && outcome != NULL && end != NULL && snippet < end && outcome < end;
}

Bank *bank_read(const Files *files, const gchar *const *paths, GError **error) {
  g_autoptr(Bank) bank = g_new0(Bank, 1);
  g_autoptr(IdCounter) names = id_counter_new();
  g_autoptr(IdCounter) ids = id_counter_new();
  bank->documents = g_ptr_array_new_with_free_func((GDestroyNotify)document_free);
  bank->problems = g_ptr_array_new_with_free_func(problem_free);

  g_autoptr(BankFiles) read = bank_files_new(files);
  for (; *paths != NULL; paths++) {
    if (!bank_files_add(read, *paths, error))
      return NULL;
  }
  for (guint i = 0; i < read->found->len; i++) {
    const BankFile *file = g_ptr_array_index(read->found, i);
    g_autofree gchar *text = NULL;
    g_autoptr(GError) failure = file->failure != NULL ? g_error_copy(file->failure) : NULL;
    gsize size;
    if (failure != NULL || !bank_file_load(files, file->path, &text, &size, &failure)) {
      if (file->is_named) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return NULL;
      }
      add_problem(bank, file->path, failure);
      continue;
    }
    if (!file->is_named && is_expectation(text, size))
      continue;
    g_autofree gchar *name = id_counter_take(names, g_strdup(file->name));
    g_ptr_array_add(bank->documents, document_read(file->path, name, text, size, ids));
  }
  return g_steal_pointer(&bank);
}

typedef gboolean (*Matcher)(const Snippet *snippet, const gchar *reference);

static gboolean has_id(const Snippet *snippet, const gchar *reference) {
  return strcmp(snippet->id, reference) == 0;
}

/* The id with the document's path in place of its name: ids are often typed
 * with the folders in front. */
static gboolean has_path_id(const Snippet *snippet, const gchar *reference) {
  const Document *document = snippet->document;
  const gchar *behind = snippet->id + strlen(document->name);
  gsize length = strlen(reference), tail = strlen(behind);
  if (length <= tail || strcmp(reference + length - tail, behind) != 0)
    return FALSE;
  const gchar *dot = strrchr(document->path, '.');
  const gchar *slash = strrchr(document->path, '/');
  gsize stem = dot != NULL && dot > (slash != NULL ? slash + 1 : document->path)
                   ? (gsize)(dot - document->path)
                   : strlen(document->path);
  return length - tail == stem && memcmp(reference, document->path, stem) == 0;
}

static gboolean has_id_tail(const Snippet *snippet, const gchar *reference) {
  gsize whole = strlen(snippet->id), length = strlen(reference);
  return length > 0 && whole > length && snippet->id[whole - length - 1] == '/' &&
         strcmp(snippet->id + whole - length, reference) == 0;
}

static gboolean has_content_id(const Snippet *snippet, const gchar *reference) {
  return strlen(reference) >= CONTENT_ID_LEAST && g_str_has_prefix(snippet->content_id, reference);
}

/* "file.md:12", or a tail of the path at a '/'. */
static gboolean has_line(const Snippet *snippet, const gchar *reference) {
  const gchar *colon = strrchr(reference, ':');
  const gchar *path = snippet->document->path;
  guint64 line;
  if (colon == NULL || colon == reference ||
      !g_ascii_string_to_unsigned(colon + 1, 10, 1, G_MAXUINT, &line, NULL))
    return FALSE;
  gsize length = (gsize)(colon - reference), whole = strlen(path);
  if (length > whole || memcmp(path + whole - length, reference, length) != 0 ||
      (length < whole && path[whole - length - 1] != '/'))
    return FALSE;
  guint fence = snippet->placement == SNIPPET_FENCED ? 1 : 0;
  return line + fence >= snippet->first_line && line <= (guint64)snippet->last_line + fence;
}

static GPtrArray *find_all(const Bank *bank, const gchar *reference, Matcher matches) {
  GPtrArray *found = g_ptr_array_new();
  for (guint i = 0; i < bank->documents->len; i++) {
    const Document *document = g_ptr_array_index(bank->documents, i);
    for (guint j = 0; j < document->snippets->len; j++) {
      Snippet *snippet = g_ptr_array_index(document->snippets, j);
      if (matches(snippet, reference))
        g_ptr_array_add(found, snippet);
    }
  }
  return found;
}

static void set_ambiguous(GError **error, const gchar *reference, const GPtrArray *found) {
  g_autoptr(GString) names = g_string_new(NULL);
  for (guint i = 0; i < found->len && i < MATCHES_NAMED; i++) {
    const Snippet *snippet = g_ptr_array_index(found, i);
    g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", snippet->id);
  }
  if (found->len > MATCHES_NAMED)
    g_string_append_printf(names, " and %u more", found->len - MATCHES_NAMED);
  g_set_error(error, BANK_ERROR, BANK_ERROR_UNKNOWN, "'%s' fits %u snippets: %s", reference,
              found->len, names->str);
}

const Snippet *bank_find(const Bank *bank, const gchar *reference, GError **error) {
  static const Matcher matchers[] = {has_id, has_path_id, has_id_tail, has_line, has_content_id};
  for (guint i = 0; i < G_N_ELEMENTS(matchers); i++) {
    g_autoptr(GPtrArray) found = find_all(bank, reference, matchers[i]);
    if (found->len == 1)
      return g_ptr_array_index(found, 0);
    if (found->len > 1) {
      set_ambiguous(error, reference, found);
      return NULL;
    }
  }
  g_set_error(error, BANK_ERROR, BANK_ERROR_UNKNOWN, "no snippet is called '%s'", reference);
  return NULL;
}
