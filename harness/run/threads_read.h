/*
 * threads_read.h: what a board (wire/board.h) tells of the threads of a run.
 *
 * Private to run/. Pure: the board is a copy. It was memory of the snippet's own
 * process, so nothing in it is believed: numbers out of range count as unknown,
 * texts become valid UTF-8, lines that the subject does not have become 0.
 */
#pragma once

#include "model/threads.h"
#include "run/stuck.h"
#include "wire/board.h"

typedef struct {
  const Board *board;
  guint subject; /* which unit it is */
  guint lines;   /* that it has */
} ThreadsRecord;

/* Appends a Waiting for each thread of the look that the board knows, the main
 * thread first. */
void threads_read_waits(const ThreadsRecord *record, const StuckLook *look, GPtrArray *waits);

/* Who held the GIL, from the run's start to its end (both CLOCK_MONOTONIC): a
 * turn that is still open ends there. NULL where it was not watched, or only one
 * thread had it. */
GilTimeline *threads_read_gil(const ThreadsRecord *record, guint64 start_ns, guint64 end_ns);
