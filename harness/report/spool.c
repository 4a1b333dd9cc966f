#include "report/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  goffset offset;
  gsize length;
  gboolean is_there;
} Piece;

struct Spool {
  FILE *file;
  goffset end;
  GArray *pieces; /* Piece, one a place */
  gchar *buffer;
  gsize room;
};

Spool *spool_new(GError **error) {
  FILE *file = tmpfile();
  if (file == NULL) {
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
                "cannot make a temporary file: %s", g_strerror(errno));
    return NULL;
  }
  fcntl(fileno(file), F_SETFD, FD_CLOEXEC); /* no child of ours may read it */
  Spool *spool = g_new0(Spool, 1);
  spool->file = file;
  spool->pieces = g_array_new(FALSE, TRUE, sizeof(Piece));
  return spool;
}

void spool_free(Spool *spool) {
  if (spool == NULL)
    return;
  fclose(spool->file);
  g_array_unref(spool->pieces);
  g_free(spool->buffer);
  g_free(spool);
}

void spool_keep(Spool *spool, guint place, const gchar *piece) {
  gsize length = strlen(piece);
  if (place >= spool->pieces->len)
    g_array_set_size(spool->pieces, place + 1);
  /* A failed write shows in ferror() when the pieces are read. */
  fwrite(piece, 1, length, spool->file);
  g_array_index(spool->pieces, Piece, place) = (Piece){spool->end, length, TRUE};
  spool->end += (goffset)length;
}

gboolean spool_has(const Spool *spool, guint place) {
  return place < spool->pieces->len && g_array_index(spool->pieces, Piece, place).is_there;
}

gboolean spool_write(Spool *spool, guint place, Destination *destination, GError **error) {
  const Piece *piece = &g_array_index(spool->pieces, Piece, place);
  if (piece->length > spool->room) {
    spool->room = piece->length;
    spool->buffer = g_realloc(spool->buffer, spool->room);
  }
  if (fflush(spool->file) != 0 || ferror(spool->file) ||
      fseeko(spool->file, piece->offset, SEEK_SET) != 0 ||
      fread(spool->buffer, 1, piece->length, spool->file) != piece->length) {
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
                "cannot keep the report in a temporary file: %s", g_strerror(errno));
    return FALSE;
  }
  destination_write(destination, spool->buffer, piece->length);
  return TRUE;
}
