/*
 * html_snippet.h: one snippet, and what its run did, as HTML. Private to report/.
 */
#pragma once

#include <glib.h>

#include "model/snippet.h"
#include "model/transcript.h"
#include "model/verdict.h"

/* An element <article>. verdict and transcript are NULL where it was not asked for. Newly
 * allocated. */
gchar *html_snippet(const Snippet *snippet, const Transcript *transcript, const Verdict *verdict);

/* "ok", "bad", "warn" or "quiet": how a class is coloured; and its sign, which says the same
 * without colour. */
const gchar *html_tone(VerdictClass class);
const gchar *html_sign(VerdictClass class);
