/*
 * judge.h: claims against a transcript, and the verdict that follows.
 *
 * Pure: no process, no file, no clock. A claim is confirmed freely and accused
 * rarely: it is contradicted only where its statement ran exactly once and to
 * its end, where nothing that varies from run to run or machine to machine had
 * a hand in the value, and where the text can hardly be meant otherwise. The rows of a fixture
 * that was found by names alone confirm values, and accuse only by how they are built.
 *
 * What a fixture itself found out about the run (Transcript.checked) becomes claims of the
 * verdict, behind those of the snippet.
 */
#pragma once

#include <glib.h>

#include "model/snippet.h"
#include "model/transcript.h"
#include "model/verdict.h"

/* What is marked. All is borrowed. */
typedef struct {
  const Snippet *snippet;
  /* Runs of the same snippet after the same earlier blocks, at least one. The first
   * is what the verdict is about; the others count only for what is said of times. */
  const Transcript *const *transcripts;
  guint count;
  const Expectation *expectation; /* NULL for none */
  const gchar *python;            /* "3.11.2": which part of it counts; or NULL */
} Sheet;

/* As many runs at most make what is said of times clear. */
#define JUDGE_RUNS_MAX 9u

/* The verdict on a sheet. Never NULL; caller frees. Transcripts may hold anything
 * that a snippet can produce. wants_more is set while count is below JUDGE_RUNS_MAX and
 * another run could make clear what this one does not. */
Verdict *judge_sheet(const Sheet *sheet);
