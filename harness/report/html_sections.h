/*
 * html_sections.h: the table of sections at the head of the page. Private to report/.
 */
#pragma once

#include <glib.h>

#include "model/health.h"

/* health may be NULL: then there is none. */
void html_append_sections(GString *to, const Health *health);

/* "Django › ORM", escaped; title is that of a section, "Django > ORM". */
void html_append_section_title(GString *to, const gchar *title);
