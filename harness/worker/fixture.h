/*
 * fixture.h: a fixture inside the worker.
 *
 * A zygote with a fixture loads it once, before it freezes; each snippet is then a fork of it,
 * with its own copy of all that the fixture made. The fixture talks to us through the module
 * `proctor` (fixture_module.py, which is its authors' manual); it is no longer importable when
 * a snippet runs. Whatever a fixture does wrong is the fixture's: it is noted as
 * JOURNAL_UNREADY, which ends the run, or as a check that is not clear, and never as the
 * snippet's fault.
 *
 * All functions but the first need the GIL and leave no exception, and do nothing where there
 * is no fixture.
 */
#pragma once

#include "wire/wire.h"
#include "worker/pycompat.h"

/* In the zygote, once, after the modules were preloaded and before anything is frozen. path is
 * absolute, variant "" for none. What goes wrong (an exception, a package that is missing, a
 * thread or a process left running, a provided name that is not there) is kept for
 * fixture_begin(). Returns 0, or -1 with a Python exception where we failed ourselves. */
int fixture_load(const char *path, const char *variant);

/* Whether this process is a fork of one with a fixture. */
bool fixture_is_loaded(void);

/* In the snippet's process, before its first unit: puts the provided names into namespace
 * (borrowed) and runs what the fixture wants run. Where it is not ready, that is noted and the
 * process ends. */
void fixture_begin(PyObject *namespace, const WireRequest *request);

/* The subject begins: from here to fixture_finish() what happens is noted. */
void fixture_watch(void);

/* Whether fixture_place() may change a tree, so that the unit has to be compiled from one. */
bool fixture_places(void);

/* A unit's syntax tree as the fixture places it: new reference, NULL where it stays as it is.
 * Where the fixture fails in it, that is noted and the process ends. */
PyObject *fixture_place(PyObject *tree, bool is_subject);

/* Whether a word of the fixture speaks of the subject's probe with this number, so that it is
 * to be counted how often the statement is run. */
bool fixture_counts(uint32_t number);

/* What a reader would write for a value (borrowed), a str: new reference; NULL where the
 * fixture says nothing of it. is_copy: this is a copy of the snippet's process, else only what
 * the fixture allows to be called in the snippet's own is. */
PyObject *fixture_shown(PyObject *value, bool is_copy);

/* When the subject has been run to its end, or raised `exception` (borrowed, may be NULL): waits
 * for its threads, as Python's shutdown would next, and says what the fixture's words say of
 * remarks and prose, runs its checks, and the expressions of the expectation (WIRE_PROBE_FINAL),
 * which need no fixture. Notes JOURNAL_CHECKED. What they print goes nowhere; where the snippet
 * has left no descriptor for that, nothing is run, and it is noted that nothing is clear. */
void fixture_finish(const WireUnit *subject, PyObject *namespace, PyObject *exception, int status);
