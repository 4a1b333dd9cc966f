/*
 * child.h: one snippet's process, from the fork to its end.
 */
#pragma once

#include "wire/journal.h"
#include "wire/wire.h"
#include "worker/sandbox.h"

/* What the zygote knows of a run; the descriptors are those that came with it. */
typedef struct {
  const WireRun *run;
  const int *descriptors; /* WIRE_RUN_FDS */
  JournalHead *journal;
  const Sandbox *sandbox;
} ChildRun;

/* Once, in the zygote, before anything is frozen: what every child needs and
 * nobody changes. Returns 0, or -1 with a Python exception. */
int child_prepare(void);

/* Right after the fork, with the GIL. Never returns. */
_Noreturn void child_run(const ChildRun *child);
