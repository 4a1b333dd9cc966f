/*
 * config_file.h: what a configuration holds, between the file (config.c) and the documents
 * (config_apply.c). Private to these two.
 */
#pragma once

#include <glib.h>

#include "bank/config.h"

/* A section or a snippet, as it is named. */
typedef struct {
  gchar *name;
  guint line, column;
  Settings *settings;
} ConfigPart;

typedef struct {
  gchar *name;         /* as it is written */
  gchar *path;         /* absolute; of a pattern: one for fnmatch() with FNM_PATHNAME */
  gboolean is_pattern; /* has '*' or '?' */
  guint line, column;
  Settings *settings;
  GPtrArray *sections; /* ConfigPart *, in the order of the file */
  GPtrArray *snippets; /* likewise */
} ConfigDocument;

void config_document_free(gpointer data);

struct Config {
  const Files *files; /* that it was read from; borrowed */
  gchar *path;
  gchar *shown_path; /* as errors name it */
  gchar *folder;     /* absolute */
  Settings *settings;
  GStrv fixtures;       /* absolute; NULL where none are named */
  gchar *expected;      /* likewise */
  GPtrArray *documents; /* ConfigDocument *, in the order of the file */
};

/* Sets CONFIG_ERROR with "file:line:column: " in front; always FALSE. */
G_GNUC_PRINTF(6, 7)
gboolean config_refuse(const Config *config, guint line, guint column, ConfigError code,
                       GError **error, const gchar *format, ...);

/* The beginning of a text, for a message; newly allocated. */
gchar *config_excerpt(const gchar *text);
