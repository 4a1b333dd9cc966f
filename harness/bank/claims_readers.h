/*
 * claims_readers.h: the two kinds of snippets whose claims are read.
 *
 * Private to the claims of bank/.
 */
#pragma once

#include "model/snippet.h"

void claims_read_script(Snippet *snippet);
void claims_read_transcript(Snippet *snippet);
