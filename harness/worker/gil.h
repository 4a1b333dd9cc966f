/*
 * gil.h: when which thread held the GIL, onto the board (wire/board.h).
 *
 * CPython gives the GIL up by signalling one condition variable and says that it
 * was taken by signalling another; a thread that has to wait for it waits for
 * the first with a time limit, again and again. The worker defines these two
 * functions of the C library itself, so that libpython's calls arrive here
 * first. Which conditions they are is learnt by looking on while the GIL is
 * given up and taken once.
 */
#pragma once

#include "wire/board.h"

/* Learns them, once, in the zygote, with the GIL and while there is one thread.
 * Where CPython does not behave as said, nothing is ever recorded. */
void gil_learn(void);

/* Records from now on: the run's start, in its main thread, which holds the
 * GIL; NULL ends it, in a forked process. The thread that holds the GIL at the
 * end of the run has its last turn open: end_ns is 0, and held_ns is without
 * it. Turns are written from the moment when a second thread takes the GIL; of
 * those that the main thread had before, the last one, while its sums have all. */
void gil_begin(Board *to);
