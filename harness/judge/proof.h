/*
 * proof.h: why a run can never go on, in words. It is also the reason of a verdict.
 */
#pragma once

#include "model/snippet.h"
#include "model/transcript.h"

/* One sentence about a run that is stuck, with lines of the document: "MainThread waits at
 * line 12 for 'lock', which it took itself at line 9"; several threads with "; " between
 * them, a cycle first. Newly allocated, never NULL. */
gchar *proof_text(const Snippet *snippet, const Transcript *transcript);

/* One thread of it: "MainThread waits here for 'lock', which it took itself at line 9". */
gchar *proof_of_thread_here(const Snippet *snippet, const Transcript *transcript,
                            const Waiting *waiting);

/* All of it for a claim of the place where transcript->waits[here] waits: "MainThread waits
 * here for 'lock', ..."; that thread first. */
gchar *proof_text_here(const Snippet *snippet, const Transcript *transcript, guint here);
