/*
 * fixture.h: a fixture inside the worker.
 *
 * A zygote with a fixture loads it once, before it freezes; each snippet is then a fork of it,
 * with its own copy of all that the fixture made. The fixture talks to us through the module
 * `proctor` (fixture_module.py, which is its authors' manual); it is no longer importable when
 * a snippet runs. Whatever a fixture does wrong is the fixture's: it is noted as
 * JOURNAL_UNREADY, or as a check that is not clear, and never as the snippet's fault.
 */
#pragma once

#include "wire/wire.h"
#include "worker/pycompat.h"

/* In the zygote, once, after the modules were preloaded and before anything is frozen. What goes
 * wrong (an exception, a package that is missing, a thread or a process left running, a provided
 * name that is not there) is kept for fixture_begin(). Returns 0, or -1 with a Python exception
 * where we failed ourselves. */
int fixture_load(const char *path, const char *variant);

/* Whether this process is a fork of one with a fixture. Without one the functions below do
 * nothing. */
bool fixture_is_loaded(void);

/* In the snippet's process, before its first unit: puts the provided names into namespace
 * (borrowed) and runs what the fixture wants run. false where it is not ready: that was noted,
 * and nothing is to be run. */
bool fixture_begin(PyObject *namespace, const WireUnit *subject);

/* The subject's syntax tree as the fixture places it: a new reference, the same one where it
 * stays as it is. Never NULL, leaves no exception. */
PyObject *fixture_place(PyObject *tree);

/* Whether fixture_place() may change the tree, so that it has to be compiled from one. */
bool fixture_places(void);

/* What a reader would write for a value (borrowed), a str: new reference; NULL without an
 * exception where the fixture says nothing of it. */
PyObject *fixture_shown(PyObject *value);

/* While looking at values the worker says so: what happens then is noted as `shown`. */
void fixture_look(bool is_looking);

/* When the subject has been run to its end, or raised `exception` (borrowed, may be NULL): says
 * what the fixture's words say of remarks and prose, runs its checks, and the expressions
 * of the expectation (WIRE_PROBE_FINAL), which need no fixture. Notes JOURNAL_CHECKED. Leaves
 * no exception. */
void fixture_finish(const WireUnit *subject, PyObject *namespace, PyObject *exception);
