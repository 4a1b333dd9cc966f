/*
 * To have a line means, in this order: the same file there; a line that the comparison of both
 * texts leaves alone, in the file of the same name or, where there is none, in the one that was
 * renamed; the same without indentation; a line of a passage that the commit moved. The first
 * parent that has it gets it.
 */
#include "git/blame_account.h"

#include "git/passages.h"

/* A larger file is no study material: its passages are not looked through. */
#define SOURCE_MOST (4u << 20)
#define RENAMES_MOST 400

/* What a file of a step has in common with one of a parent's. */
typedef struct {
  gchar *path;       /* there; NULL: it has none */
  const Lines *text; /* there; borrowed */
  GArray *exact;     /* of lines_compare(); NULL until made */
  GArray *plain;
} Counterpart;

static gboolean is_text_mode(guint mode) {
  return mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

/* --- texts ---------------------------------------------------------------------- */

const Lines *text_of(Blame *blame, const git_oid *id, const gchar *path, GError **error) {
  const Lines *known = g_hash_table_lookup(blame->texts, id);
  if (known != NULL)
    return known;
  g_autofree gchar *text = NULL;
  gsize size;
  if (!blob_read(blame->repository, id, path, &text, &size, error))
    return NULL;
  Lines *lines = lines_new(blame->words, path, text, size);
  g_hash_table_insert(blame->texts, object_copy(id), lines);
  return lines;
}

/* The id of a file below a top folder. FALSE where it is not there, or *error is set. */
gboolean file_at(Blame *blame, Folder *top, const gchar *path, git_oid *id, GError **error) {
  g_autoptr(Folder) owner = NULL;
  const FolderEntry *entry = folder_walk(blame->repository, top, path, &owner, error);
  if (entry == NULL || !is_text_mode(entry->mode))
    return FALSE;
  *id = entry->id;
  return TRUE;
}

/* --- renames -------------------------------------------------------------------- */

static git_tree *tree_of(const Step *step, const git_oid *id, GError **error) {
  git_commit *commit = commit_lookup(step->blame->repository, id, error);
  git_tree *tree = NULL;
  if (commit == NULL)
    return NULL;
  int code = git_commit_tree(&tree, commit);
  if (code != 0)
    object_complain(step->blame->repository, git_commit_tree_id(commit), "its top folder", code,
                    error);
  git_commit_free(commit);
  return tree;
}

/* What was changed since a parent, renames found. Kept with it; NULL on failure. */
static git_diff *changes_since(const Step *step, Parent *parent, GError **error) {
  git_repository *git = step->blame->repository->git;
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  git_diff_find_options renames = GIT_DIFF_FIND_OPTIONS_INIT;
  if (parent->diff != NULL)
    return parent->diff;
  git_tree *before = tree_of(step, &parent->id, error);
  if (before == NULL)
    return NULL;
  git_tree *after = step->id != NULL ? tree_of(step, step->id, error) : NULL;
  if (step->id != NULL && after == NULL) {
    git_tree_free(before);
    return NULL;
  }
  options.flags = GIT_DIFF_IGNORE_SUBMODULES;
  int code;
  if (step->id != NULL)
    code = git_diff_tree_to_tree(&parent->diff, git, before, after, &options);
  else
    code = git_diff_tree_to_workdir_with_index(&parent->diff, git, before, &options);
  git_tree_free(after);
  git_tree_free(before);
  renames.flags = GIT_DIFF_FIND_RENAMES;
  renames.rename_limit = RENAMES_MOST;
  if (code == 0)
    code = git_diff_find_similar(parent->diff, &renames);
  if (code != 0) {
    g_set_error(error, REPOSITORY_ERROR, REPOSITORY_ERROR_OBJECT,
                "what commit %.7s changed cannot be read: %s ('git fsck' says more)",
                step->id != NULL ? git_oid_tostr_s(step->id) : "", git_words());
    git_diff_free(parent->diff);
    parent->diff = NULL;
    return NULL;
  }
  return parent->diff;
}

/* The file that was renamed to path: its old path, newly allocated; NULL where none was. */
static gchar *renamed_from(git_diff *diff, const gchar *path, git_oid *id) {
  for (gsize i = 0; i < git_diff_num_deltas(diff); i++) {
    const git_diff_delta *delta = git_diff_get_delta(diff, i);
    if (delta->status == GIT_DELTA_RENAMED && g_str_equal(delta->new_file.path, path)) {
      *id = delta->old_file.id;
      return g_strdup(delta->old_file.path);
    }
  }
  return NULL;
}

/* --- one file of a step --------------------------------------------------------- */

typedef struct {
  Step *step;
  const gchar *path;
  const Lines *text;         /* here; borrowed */
  GArray *wanted;            /* Wanted: those that no parent has got yet */
  Counterpart *counterparts; /* for each parent */
} Account;

/* Gives a parent what it has by a comparison. */
static gboolean pass_mapped(Account *account, const Parent *parent, const gchar *path,
                            const GArray *map, GError **error) {
  guint kept = 0;
  for (guint i = 0; i < account->wanted->len; i++) {
    Wanted wanted = g_array_index(account->wanted, Wanted, i);
    guint line = g_array_index(map, guint, wanted.line - 1);
    if (line == 0) {
      g_array_index(account->wanted, Wanted, kept++) = wanted;
    } else {
      wanted.line = line;
      if (!pass_on(account->step->blame, &parent->id, path, wanted, error))
        return FALSE;
    }
  }
  g_array_set_size(account->wanted, kept);
  return TRUE;
}

static gboolean pass_compared(Account *account, guint which, gboolean is_plain, GError **error) {
  Counterpart *counterpart = &account->counterparts[which];
  if (counterpart->path == NULL)
    return TRUE;
  GArray *map = lines_compare(counterpart->text, account->text, is_plain);
  *(is_plain ? &counterpart->plain : &counterpart->exact) = map;
  const Parent *parent = &g_array_index(account->step->parents, Parent, which);
  return pass_mapped(account, parent, counterpart->path, map, error);
}

static gboolean find_counterpart(Account *account, guint which, gboolean is_renamed,
                                 GError **error) {
  Counterpart *counterpart = &account->counterparts[which];
  Parent *parent = &g_array_index(account->step->parents, Parent, which);
  Blame *blame = account->step->blame;
  git_oid id;
  if (is_renamed) {
    git_diff *diff = changes_since(account->step, parent, error);
    if (diff == NULL)
      return FALSE;
    counterpart->path = renamed_from(diff, account->path, &id);
  } else {
    GError *broken = NULL;
    if (file_at(blame, parent->top, account->path, &id, &broken))
      counterpart->path = g_strdup(account->path);
    if (broken != NULL) {
      g_propagate_error(error, broken);
      return FALSE;
    }
  }
  if (counterpart->path == NULL)
    return TRUE;
  counterpart->text = text_of(blame, &id, counterpart->path, error);
  return counterpart->text != NULL;
}

/* --- passages ------------------------------------------------------------------- */

static void source_free(gpointer data) {
  PassageSource *source = data;
  g_free((guint8 *)source->kept);
  g_free(source);
}

/* Which lines of the older text are still in the newer one. */
static guint8 *kept_lines(const Lines *before, const GArray *exact, const GArray *plain) {
  guint8 *kept = g_new0(guint8, before->count + 1);
  for (guint i = 0; i < exact->len; i++) {
    guint line = g_array_index(exact, guint, i);
    if (line > 0)
      kept[line - 1] = 1;
    line = plain != NULL ? g_array_index(plain, guint, i) : 0;
    if (line > 0)
      kept[line - 1] = 1;
  }
  return kept;
}

/* The newer text of a file that was changed: NULL where there is none, or it cannot be read. */
static const Lines *newer_text(const Step *step, const git_diff_delta *delta) {
  Blame *blame = step->blame;
  const gchar *path = delta->new_file.path;
  if (step->id != NULL)
    return text_of(blame, &delta->new_file.id, path, NULL);
  g_autofree gchar *whole = g_build_filename(blame->repository->root, path, NULL);
  g_autofree gchar *text = NULL;
  gsize size;
  if (!files_read(step->files, whole, SOURCE_MOST, &text, &size, NULL))
    return NULL;
  git_oid id;
  git_odb_hash(&id, text, size, GIT_OBJECT_BLOB);
  const Lines *known = g_hash_table_lookup(blame->texts, &id);
  if (known != NULL)
    return known;
  Lines *lines = lines_new(blame->words, path, text, size);
  g_hash_table_insert(blame->texts, object_copy(&id), lines);
  return lines;
}

/* What a changed file lost that the new lines may come from; NULL for nothing. */
static PassageSource *source_of(const Account *account, const git_diff_delta *delta,
                                const guint8 *is_new) {
  Blame *blame = account->step->blame;
  size_t size;
  git_object_t type;
  if ((delta->status != GIT_DELTA_DELETED && delta->status != GIT_DELTA_MODIFIED &&
       delta->status != GIT_DELTA_RENAMED) ||
      !is_text_mode(delta->old_file.mode) ||
      git_odb_read_header(&size, &type, blame->repository->objects, &delta->old_file.id) != 0 ||
      size > SOURCE_MOST)
    return NULL;
  const Lines *before = text_of(blame, &delta->old_file.id, delta->old_file.path, NULL);
  if (before == NULL || !passages_may_be_from(before, account->text, is_new))
    return NULL;
  PassageSource *source = g_new0(PassageSource, 1);
  source->path = delta->old_file.path;
  source->lines = before;
  if (delta->status != GIT_DELTA_DELETED) {
    const Lines *after = newer_text(account->step, delta);
    if (after != NULL) {
      g_autoptr(GArray) exact = lines_compare(before, after, FALSE);
      g_autoptr(GArray) plain = lines_compare(before, after, TRUE);
      source->kept = kept_lines(before, exact, plain);
    }
  }
  return source;
}

static gboolean pass_moved(Account *account, guint which, GError **error) {
  Parent *parent = &g_array_index(account->step->parents, Parent, which);
  const Counterpart *counterpart = &account->counterparts[which];
  git_diff *diff = changes_since(account->step, parent, error);
  if (diff == NULL)
    return FALSE;
  guint count = account->text->count;
  g_autofree guint8 *is_new = g_new0(guint8, count + 1);
  g_autofree guint8 *wanted = g_new0(guint8, count + 1);
  for (guint i = 0; i < count; i++)
    is_new[i] = counterpart->path == NULL || (g_array_index(counterpart->exact, guint, i) == 0 &&
                                              g_array_index(counterpart->plain, guint, i) == 0);
  for (guint i = 0; i < account->wanted->len; i++)
    wanted[g_array_index(account->wanted, Wanted, i).line - 1] = 1;
  g_autoptr(GPtrArray) sources = g_ptr_array_new_with_free_func(source_free);
  if (counterpart->path != NULL) { /* the same file is preferred */
    PassageSource *own = g_new0(PassageSource, 1);
    own->path = counterpart->path;
    own->lines = counterpart->text;
    own->kept = kept_lines(counterpart->text, counterpart->exact, counterpart->plain);
    g_ptr_array_add(sources, own);
  }
  for (gsize i = 0; i < git_diff_num_deltas(diff); i++) {
    const git_diff_delta *delta = git_diff_get_delta(diff, i);
    if (g_strcmp0(delta->old_file.path, counterpart->path) == 0)
      continue;
    PassageSource *source = source_of(account, delta, is_new);
    if (source != NULL)
      g_ptr_array_add(sources, source);
  }
  g_autoptr(GArray) origins = passages_find(account->text, is_new, wanted, sources);
  guint kept = 0;
  for (guint i = 0; i < account->wanted->len; i++) {
    Wanted line = g_array_index(account->wanted, Wanted, i);
    PassageOrigin origin = g_array_index(origins, PassageOrigin, line.line - 1);
    if (origin.source == NULL) {
      g_array_index(account->wanted, Wanted, kept++) = line;
      continue;
    }
    line.line = origin.line;
    if (!pass_on(account->step->blame, &parent->id, origin.source->path, line, error))
      return FALSE;
  }
  g_array_set_size(account->wanted, kept);
  return TRUE;
}

/* --- all of it --------------------------------------------------------------------- */

/* A parent with the very same file gets all of its lines. */
gboolean account_whole(const Step *step, const gchar *path, const git_oid *id, const GArray *wanted,
                       gboolean *is_passed, GError **error) {
  *is_passed = FALSE;
  for (guint i = 0; i < step->parents->len; i++) {
    const Parent *parent = &g_array_index(step->parents, Parent, i);
    git_oid own;
    GError *broken = NULL;
    if (file_at(step->blame, parent->top, path, &own, &broken) && git_oid_equal(&own, id)) {
      for (guint k = 0; k < wanted->len; k++) {
        if (!pass_on(step->blame, &parent->id, path, g_array_index(wanted, Wanted, k), error))
          return FALSE;
      }
      *is_passed = TRUE;
      return TRUE;
    }
    if (broken != NULL) {
      g_propagate_error(error, broken);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean account_for(Account *account, GError **error) {
  guint parents = account->step->parents->len;
  /* A parent that has the file by its name goes before one in which it may have another. */
  for (guint renamed = 0; renamed < 2; renamed++) {
    for (guint i = 0; i < parents && account->wanted->len > 0; i++) {
      if (account->counterparts[i].path == NULL &&
          (!find_counterpart(account, i, renamed == 1, error) ||
           !pass_compared(account, i, FALSE, error)))
        return FALSE;
    }
  }
  for (guint i = 0; i < parents && account->wanted->len > 0; i++) {
    if (!pass_compared(account, i, TRUE, error))
      return FALSE;
  }
  for (guint i = 0; i < parents && account->wanted->len > 0; i++) {
    if (!pass_moved(account, i, error))
      return FALSE;
  }
  for (guint i = 0; i < account->wanted->len; i++) {
    if (!settle(account->step, account->path, g_array_index(account->wanted, Wanted, i), error))
      return FALSE;
  }
  return TRUE;
}

static void counterpart_clear(Counterpart *counterpart) {
  g_free(counterpart->path);
  g_clear_pointer(&counterpart->exact, g_array_unref);
  g_clear_pointer(&counterpart->plain, g_array_unref);
}

gboolean account_file(Step *step, const gchar *path, const Lines *text, GArray *wanted,
                      GError **error) {
  guint parents = step->parents->len;
  g_autofree Counterpart *counterparts = g_new0(Counterpart, parents + 1);
  Account account = {step, path, text, wanted, counterparts};
  gboolean is_fine = account_for(&account, error);
  for (guint i = 0; i < parents; i++)
    counterpart_clear(&counterparts[i]);
  return is_fine;
}
