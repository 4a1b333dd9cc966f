/*
 * judge.h: claims against a transcript, and the verdict that follows.
 *
 * Pure: no process, no file, no clock. A claim is confirmed freely and accused
 * rarely: it is contradicted only where its statement ran exactly once and to
 * its end, where nothing that varies from run to run or machine to machine had
 * a hand in the value, and where the text can hardly be meant otherwise.
 */
#pragma once

#include <glib.h>

#include "model/snippet.h"
#include "model/transcript.h"
#include "model/verdict.h"

/* The verdict on one run. Never NULL; caller frees. Uses only snippet and
 * transcript, both of which may hold anything that a snippet can produce. */
Verdict *judge_snippet(const Snippet *snippet, const Transcript *transcript);
