/*
 * xml.h: text for XML 1.0. Private to report/.
 *
 * Whatever the bytes are, what is written can be read back: what is no UTF-8, and what no XML may
 * hold in any form (NUL, most control characters, U+FFFE), becomes an escape as Python writes
 * it.
 */
#pragma once

#include <glib.h>

/* Between tags. size -1 means up to the terminating NUL. */
void xml_append_text(GString *to, const gchar *bytes, gssize size);

/* A blank, and name="value" with newlines and tabs kept. */
void xml_append_attribute(GString *to, const gchar *name, const gchar *value);
void xml_append_number(GString *to, const gchar *name, guint number);
