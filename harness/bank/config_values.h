/*
 * config_values.h: times, sizes and reasons as a configuration writes them. Private to config.c.
 */
#pragma once

#include <glib.h>

#define CONFIG_SECONDS_MAX 86400u
#define CONFIG_MEMORY_MIN ((guint64)16 << 20)
#define CONFIG_MEMORY_MAX ((guint64)1 << 40)
#define CONFIG_OUTPUT_MIN ((guint64)1 << 10)
#define CONFIG_OUTPUT_MAX ((guint64)1 << 30)

/* "5", "0.5": more than 0. FALSE with milliseconds untouched where it is none. */
gboolean config_seconds(const gchar *text, guint *milliseconds);

/* "1048576", "512 MB", "1.5GB"; a kB are 1024 bytes, as in all that proctor prints. */
gboolean config_size(const gchar *text, guint64 least, guint64 most, guint64 *bytes);

/* Why something is skipped, on one line; NULL where it says nothing: "yes", "3". Newly
 * allocated. */
gchar *config_reason(const gchar *text);
