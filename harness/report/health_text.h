/*
 * health_text.h: what is left to write in a bank, for a person.
 */
#pragma once

#include <glib.h>

#include "model/health.h"

/* "to write: 3 questions without an answer (bank.md:12, :40, :77)\n" and the like: a line for each
 * kind that there is something to say about, "" for none. What is merely a count, such as answers
 * without a snippet, and what is told elsewhere, as code that is not rendered, is left out. Newly
 * allocated. */
gchar *health_text(const Health *health);

/* A section's title on one line, "(no section)" for none, cut at width characters unless that is 0;
 * and its counts: "4 questions, 2 blocks, 1 no-answer", with those of the notes that are not 0
 * under their kinds' names. Newly allocated. */
gchar *health_section_title(const HealthSection *section, gsize width);
gchar *health_section_text(const HealthSection *section);

/* A table: a row for each section, with its questions, those without an answer or a snippet, and
 * its blocks; "" where there are no questions. Newly allocated. */
gchar *health_table(const Health *health);
