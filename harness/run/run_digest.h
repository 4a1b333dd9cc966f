/*
 * run_digest.h: which version of this room made a result. Private to run/.
 */
#pragma once

/* Of the sources that decide what a transcript says of a run: made while building. */
extern const char run_digest[];
