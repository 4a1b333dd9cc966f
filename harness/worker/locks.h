/*
 * locks.h: sees which thread takes, releases and waits for which lock, and says
 * so to the board (board.h).
 *
 * Types and their methods stay the objects that they are. Only the C functions
 * that the methods of _thread's locks, and of what else may wait without end,
 * lead to are replaced by ours, which call them. A wait that has a time limit is
 * none.
 */
#pragma once

/* Puts them in place, once, in the zygote. Where this Python's methods are not
 * what is expected, they are left alone. */
void locks_install(void);
