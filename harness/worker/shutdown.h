/*
 * shutdown.h: how a snippet's process ends.
 *
 * As python3 ends, by Py_FinalizeEx: threads joined, atexit, __main__ and the
 * modules that the snippet imported torn down in CPython's own order. What the
 * zygote had imported before is kept out of it: nobody can tell, and it would
 * take five milliseconds. Two guards, objects that CPython destroys at known
 * steps of its finalisation, see to that:
 *
 *  - the first lies in sys.path_importer_cache, and another one at
 *    sys.__interactivehook__: both are given up just before the modules are. It then puts in the
 * place of each preloaded module of sys.modules an object that is no module but has the same
 * dictionary, so that imports in a __del__ still find it and nothing clears it;
 *  - the second lies in the dictionary of a module that stands in front of all
 *    others and is therefore cleared last, when __main__ and the rest are gone.
 *    It flushes the streams and ends the process.
 *
 * The stand-ins are made in the zygote, and the dictionary of sys.modules changes its contents
 * with theirs at once. Where the snippet has hung something into a preloaded module, the whole of
 * Py_FinalizeEx takes its course, because that module may be all that keeps it; but not with a
 * fixture, whose modules are made to be hung into (a model registers itself).
 *
 * Where the snippet has changed too much for this (it replaced the streams, or
 * dropped that cache), a guard is not reached at its step, and the whole of
 * Py_FinalizeEx takes its course.
 */
#pragma once

/* Remembers which modules are there and lays the first guard; in the zygote,
 * after the last import. Returns 0, or -1 with a Python exception. */
int shutdown_prepare(void);

/* Ends the process as python3 does after a script: with status, or by SIGINT
 * where that is negative. Needs the GIL, no exception set and no references to
 * __main__ held in C. */
_Noreturn void shutdown_run(int status);

#define SHUTDOWN_BY_SIGINT (-1)
