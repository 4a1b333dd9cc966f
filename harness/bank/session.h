/*
 * session.h: which earlier blocks a snippet may need, told from the sources alone.
 *
 * It needs what it uses before it binds it, where that is nothing of Python's own, nor of the
 * fixture's that was chosen for it. What the run then needs is for the exam to find out
 * (run/exam.h): this says at most too many.
 */
#pragma once

#include "model/snippet.h"

/* What the blocks of documents bind, once it was asked for. */
typedef struct Sessions Sessions;
Sessions *sessions_new(void);
void sessions_free(Sessions *sessions);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sessions, sessions_free)

/* The earlier blocks that may run before it: const Snippet *, in their order; caller unrefs. Empty
 * where no earlier block can bind a name that it needs. Else all earlier blocks under its heading,
 * if they bind as many of those names as all of the document; else those of the document, the
 * nearest thousand. The document must live as long as the sessions. */
GPtrArray *sessions_of(Sessions *sessions, const Snippet *snippet);

/* The same for one snippet. */
GPtrArray *session_of(const Snippet *snippet);
