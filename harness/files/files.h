/*
 * files.h: the tree of files that a bank is read from.
 *
 * The disk, or what git keeps: a revision, the index. Who reads documents, the configuration,
 * headers of fixtures or expectations is given a Files and asks it, never the disk itself, so
 * that a bank reads the same wherever it lies. Writing is no business of it.
 *
 * Paths are those of the disk: absolute, or relative to the current folder. A tree of git's
 * answers for the paths at which its files lie, or would lie, in the work tree; what is not below
 * that is asked of the disk, if the tree says where its root is, else it is not there.
 */
#pragma once

#include <glib.h>

/* The largest text that is read as one: a document, what was accepted. */
#define FILES_TEXT_MAX ((gsize)64 << 20)

#define FILES_ERROR (files_error_quark())
typedef enum {
  FILES_ERROR_MISSING,  /* it is not there, or cannot be read */
  FILES_ERROR_UNUSABLE, /* it is no regular file, or too large */
} FilesError;
GQuark files_error_quark(void);

typedef enum {
  FILE_MISSING,
  FILE_REGULAR,
  FILE_FOLDER,
  FILE_OTHER,   /* a pipe, a device; in a tree of git's also a submodule */
  FILE_UNKNOWN, /* it may not be looked at; in a tree of git's also: an object is missing */
} FileKind;

/* A name in a folder. */
typedef struct {
  gchar *name;
  FileKind kind;    /* of what it leads to */
  gboolean is_link; /* it is a symbolic link */
} FileEntry;

/* What a tree has to implement: who asks calls the functions below. */
typedef struct Files Files;
struct Files {
  /* Of what the path leads to. identity, which may be NULL, is set to a text that two paths share
   * if and only if they lead to the same file, for one that is there. Caller frees. */
  FileKind (*kind)(const Files *files, const gchar *path, gchar **identity);
  /* All of a regular file of at most so many bytes, with a NUL behind it that size does not count.
   * Never waits, and opens nothing else. The messages name the path. */
  gboolean (*read)(const Files *files, const gchar *path, gsize most, gchar **text, gsize *size,
                   GError **error);
  /* FileEntry *, owned by the array, in order of the bytes of their names. */
  GPtrArray *(*list)(const Files *files, const gchar *path, GError **error);
  /* The absolute path of what a path leads to, with the links in it followed; where nothing is
   * there, the path as it is, absolute. Caller frees. NULL for a tree without links. */
  gchar *(*real)(const Files *files, const gchar *path);
  void (*free)(Files *files);
  gchar *root; /* owned, absolute: where the tree stands; NULL for the disk, and where what is not
                  in the tree is to be nowhere */
};

/* The disk: one for all, not to be freed. */
const Files *files_disk(void);
/* Whether it is the disk that answers for a path. */
gboolean files_is_disk(const Files *files, const gchar *path);

/* As the members say. */
FileKind files_kind(const Files *files, const gchar *path);
/* NULL where nothing is there. */
gchar *files_identity(const Files *files, const gchar *path);
gboolean files_read(const Files *files, const gchar *path, gsize most, gchar **text, gsize *size,
                    GError **error);
GPtrArray *files_list(const Files *files, const gchar *path, GError **error);
gchar *files_real(const Files *files, const gchar *path);
/* Frees one that was made; NULL and the disk are passed over. */
void files_free(Files *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Files, files_free)

/* For the array of a list(). */
FileEntry *file_entry_new(const gchar *name, FileKind kind, gboolean is_link);
void file_entry_free(gpointer data);
/* Sorts them as list() gives them. */
void file_entries_sort(GPtrArray *entries);
/* The error of a read(): "a.md: larger than 64 MB". */
void files_set_too_large(GError **error, const gchar *path, gsize most);

/* Whether a folder that is walked has a document there, by the name alone: "a.md", "a.markdown",
 * "a.txt", in whatever case. */
gboolean path_is_document(const gchar *path);

/* What of an absolute path stands behind an absolute folder: "" for the folder itself, NULL where
 * it does not lie below. By the text alone: nothing need be there. Part of `below`. */
const gchar *path_behind(const gchar *above, const gchar *below);

/* A path as a reader would name it: from the current folder where it lies below that, else whole.
 * Newly allocated. */
gchar *path_from_here(const gchar *path);

/* What a path is called from an absolute folder: "" for the folder itself, NULL where it does not
 * lie below. A link on the disk that leads into the folder counts, too: the current folder may be
 * known by another name. Nothing need be there. Newly allocated. */
gchar *path_below(const gchar *folder, const gchar *path);
