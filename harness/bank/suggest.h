/*
 * suggest.h: which of the known words somebody may have meant. Private to bank/.
 */
#pragma once

#include <glib.h>

/* ": did you mean 'fixture'?" for the candidate (of count) that is nearest to a word, where one
 * is near; else "". Newly allocated. */
gchar *suggestion(const gchar *word, const gchar *const *candidates, guint count);
