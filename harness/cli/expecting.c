#include "cli/expecting.h"

#include <string.h>

#include "cli/cli.h"
#include "cli/common.h"
#include "judge/judge.h"
#include "judge/propose.h"
#include "store/expectation_place.h"
#include "store/expectation_text.h"

/* --- the folder ------------------------------------------------------------------ */

gboolean expecting_read(const Files *files, const gchar *named, const GPtrArray *documents,
                        gboolean makes_folder, Expectations **expectations, GError **error) {
  g_autofree gchar *found = named == NULL ? expectations_find_folder(files, documents) : NULL;
  g_autofree gchar *folder = named != NULL   ? g_strdup(named)
                             : found != NULL ? path_from_here(found)
                             : makes_folder  ? g_strdup("expected")
                                             : NULL;
  *expectations = NULL;
  if (named != NULL && !makes_folder && files_kind(files, named) != FILE_FOLDER) {
    g_set_error(error, FILES_ERROR, FILES_ERROR_UNUSABLE, "the expectations: '%s' is no folder",
                named);
    return FALSE;
  }
  if (folder == NULL)
    return TRUE;
  *expectations = expectations_read(files, folder, error);
  if (*expectations == NULL)
    return FALSE;
  expectations_assign(*expectations, documents);
  return TRUE;
}

gboolean expecting_is_whole(const Files *files, const Expectations *expectations, gchar **paths) {
  static const gchar *const here[] = {".", NULL};
  g_autofree gchar *folder = g_canonicalize_filename(expectations_folder(expectations), NULL);
  const gchar *const *at = paths != NULL && *paths != NULL ? (const gchar *const *)paths : here;
  for (; *at != NULL; at++) {
    g_autofree gchar *walked = g_canonicalize_filename(*at, NULL);
    const gchar *rest = path_behind(walked, folder);
    if (files_kind(files, walked) == FILE_FOLDER && rest != NULL && *rest != '\0')
      return TRUE;
  }
  return FALSE;
}

/* --- one snippet's ----------------------------------------------------------------- */

Acceptance *acceptance_open(Expectations *expectations, const Snippet *snippet, GError **error) {
  const Expectation *known = expectations_of(expectations, snippet, NULL);
  g_autoptr(Acceptance) acceptance = g_new0(Acceptance, 1);
  acceptance->snippet = snippet;
  acceptance->path = expectations_path(expectations, snippet, error);
  if (acceptance->path == NULL)
    return NULL;
  if (known == NULL)
    return g_steal_pointer(&acceptance);
  gsize size;
  acceptance->old_path = g_strdup(known->path);
  acceptance->file = rewrite_open(known->path, error);
  if (acceptance->file == NULL)
    return NULL;
  const gchar *text = rewrite_text(acceptance->file, &size);
  acceptance->base = expectation_text_read(known->path, known->id, text, size, error);
  return acceptance->base != NULL ? g_steal_pointer(&acceptance) : NULL;
}

void acceptance_free(Acceptance *acceptance) {
  if (acceptance == NULL)
    return;
  g_free(acceptance->path);
  g_free(acceptance->old_path);
  g_clear_pointer(&acceptance->file, rewrite_free);
  g_clear_pointer(&acceptance->base, expectation_free);
  g_free(acceptance->text);
  g_free(acceptance->remark);
  g_free(acceptance);
}

/* "3.11" of "3.11.2". */
static gchar *python_short(const gchar *python) {
  const gchar *dot = strchr(python, '.');
  gsize length = dot != NULL ? (gsize)(dot - python) + 1 + strcspn(dot + 1, ".") : strlen(python);
  return g_strndup(python, length);
}

/* What an older one says, with another part in its place or behind the others. */
static Expectation *expectation_with(const Acceptance *acceptance, const ExpectationPart *part) {
  const Expectation *base = acceptance->base;
  const gchar *content_id = acceptance->snippet->content_id;
  if (base != NULL && g_str_has_prefix(content_id, base->content_id))
    content_id = base->content_id;
  Expectation *expectation = expectation_new(acceptance->path, acceptance->snippet->id, content_id);
  gboolean is_placed = part == NULL;
  for (guint i = 0; base != NULL && i < base->parts->len; i++) {
    const ExpectationPart *old = g_ptr_array_index(base->parts, i);
    if (!is_placed && g_strcmp0(old->python, part->python) == 0) {
      old = part;
      is_placed = TRUE;
    }
    g_ptr_array_add(expectation->parts, expectation_part_copy(old));
  }
  if (!is_placed)
    g_ptr_array_add(expectation->parts, expectation_part_copy(part));
  return expectation;
}

/* For which Pythons a new part is: it does not take the place of what was accepted for
 * the usual one. NULL for all. */
static gchar *part_python(const Expectation *base, const ExpectationPart *old,
                          const gchar *python) {
  g_autofree gchar *version = python_short(python);
  if (old != NULL && old->python != NULL)
    return g_strdup(old->python);
  if (base == NULL || (old != NULL && g_str_equal(version, PROCTOR_DEFAULT_PYTHON)))
    return NULL;
  return g_steal_pointer(&version);
}

/* What still differs when it is accepted: a relation that does not hold. */
static gchar *find_remark(const Acceptance *acceptance, const Expectation *expectation,
                          const Transcript *const *runs, guint count, const gchar *python) {
  Sheet sheet = {.snippet = acceptance->snippet,
                 .transcripts = runs,
                 .count = count,
                 .expectation = expectation,
                 .python = python};
  g_autoptr(Verdict) verdict = judge_sheet(&sheet);
  if (verdict->expectation != EXPECTATION_DIFFERS)
    return NULL;
  return g_strchomp(g_strdup(verdict->difference));
}

gboolean acceptance_propose(Acceptance *acceptance, const Transcript *const *runs, guint count,
                            const gchar *python, GError **error) {
  const ExpectationPart *old =
      acceptance->base != NULL ? expectation_part_for(acceptance->base, python) : NULL;
  g_autoptr(ExpectationPart) part = NULL;
  if (old == NULL || !part_fits(old, runs, count)) {
    g_autofree gchar *label = part_python(acceptance->base, old, python);
    part = propose_part(old, label, acceptance->snippet, runs, count, error);
    if (part == NULL)
      return FALSE;
  }
  g_autoptr(Expectation) expectation = expectation_with(acceptance, part);
  gsize size = 0;
  const gchar *text = acceptance->file != NULL ? rewrite_text(acceptance->file, &size) : "";
  g_free(acceptance->text);
  acceptance->text = expectation_text_write(text, size, expectation);
  g_free(acceptance->remark);
  acceptance->remark = find_remark(acceptance, expectation, runs, count, python);
  return TRUE;
}

/* --- writing ----------------------------------------------------------------------- */

static gboolean is_move(const Acceptance *acceptance) {
  return acceptance->old_path != NULL && !g_str_equal(acceptance->path, acceptance->old_path);
}

/* Makes a file; never in the place of another. */
static Rewrite *put_new(const gchar *path, const gchar *text, GError **error) {
  g_autoptr(Rewrite) file = rewrite_open_new(path, error);
  if (file == NULL || !rewrite_put(file, text, strlen(text), error))
    return NULL;
  return g_steal_pointer(&file);
}

typedef struct {
  const Expectations *expectations;
  GPtrArray *pending;   /* Acceptance * */
  GHashTable *released; /* paths whose expectation was moved away */
} Writing;

/* FALSE where something lies in the place of a new or moved one. */
static gboolean is_free(const Writing *writing, const Acceptance *acceptance, GError **error) {
  const gchar *path = acceptance->path;
  const Snippet *owner = expectations_owner(writing->expectations, path);
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (g_hash_table_contains(writing->released, path))
    owner = NULL; /* somebody made it again */
  if (owner != NULL)
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
                "'%s' is the expectation of %s, which has moved: accept that as well", path,
                owner->id);
  else
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
                "'%s' is in the way, and no block has it: 'proctor accept --remove-stale' removes "
                "what is stale",
                path);
  return FALSE;
}

static gboolean acceptance_write(Writing *writing, Acceptance *acceptance, AcceptanceEnd *end,
                                 GError **error) {
  const gchar *text = acceptance->text;
  gsize size = 0;
  if (acceptance->file != NULL && !is_move(acceptance)) {
    const gchar *before = rewrite_text(acceptance->file, &size);
    gboolean is_same = size == strlen(text) && memcmp(before, text, size) == 0;
    *end = is_same ? ACCEPTANCE_UNCHANGED : ACCEPTANCE_CHANGED;
    return rewrite_put(acceptance->file, text, strlen(text), error);
  }
  *end = is_move(acceptance) ? ACCEPTANCE_MOVED : ACCEPTANCE_WRITTEN;
  if (!is_free(writing, acceptance, error))
    return FALSE;
  g_autoptr(Rewrite) put = put_new(acceptance->path, text, error);
  if (put == NULL)
    return FALSE;
  if (!is_move(acceptance))
    return TRUE;
  if (!rewrite_remove(acceptance->file, expectations_folder(writing->expectations), error))
    return FALSE;
  g_hash_table_add(writing->released, g_strdup(acceptance->old_path));
  return TRUE;
}

/* TRUE where another one that is to be moved still lies where this one belongs. */
static gboolean is_blocked(const Writing *writing, const Acceptance *acceptance) {
  for (guint i = 0; i < writing->pending->len; i++) {
    const Acceptance *other = g_ptr_array_index(writing->pending, i);
    if (other != acceptance && is_move(other) && g_str_equal(other->old_path, acceptance->path))
      return TRUE;
  }
  return FALSE;
}

/* In a circle of moves, one makes room for the others. It lies under a name of its own for so
 * long; if we are killed meanwhile, its content says whose it is. */
static gboolean acceptance_set_aside(Writing *writing, Acceptance *acceptance, GError **error) {
  gsize length = strlen(acceptance->old_path) - strlen(".txt");
  g_autofree gchar *aside = g_strdup_printf("%.*s.moved.txt", (int)length, acceptance->old_path);
  g_autoptr(Rewrite) file = put_new(aside, acceptance->text, error);
  if (file == NULL ||
      !rewrite_remove(acceptance->file, expectations_folder(writing->expectations), error))
    return FALSE;
  g_hash_table_add(writing->released, g_steal_pointer(&acceptance->old_path));
  acceptance->old_path = g_steal_pointer(&aside);
  rewrite_free(acceptance->file);
  acceptance->file = g_steal_pointer(&file);
  return TRUE;
}

void acceptances_write(GPtrArray *acceptances, const Expectations *expectations,
                       AcceptanceDone done, gpointer data) {
  g_autoptr(GPtrArray) pending = g_ptr_array_new();
  g_autoptr(GHashTable) released = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  Writing writing = {expectations, pending, released};
  for (guint i = 0; i < acceptances->len; i++) {
    Acceptance *acceptance = g_ptr_array_index(acceptances, i);
    if (acceptance->text != NULL)
      g_ptr_array_add(pending, acceptance);
  }
  while (pending->len > 0) {
    guint next = 0;
    while (next < pending->len && is_blocked(&writing, g_ptr_array_index(pending, next)))
      next++;
    g_autoptr(GError) error = NULL;
    AcceptanceEnd end = ACCEPTANCE_MOVED;
    if (next == pending->len) {
      Acceptance *first = g_ptr_array_index(pending, 0);
      if (acceptance_set_aside(&writing, first, &error))
        continue;
      next = 0;
    }
    Acceptance *acceptance = g_ptr_array_remove_index(pending, next);
    if (error == NULL)
      acceptance_write(&writing, acceptance, &end, &error);
    done(acceptance, end, error, data);
  }
}
