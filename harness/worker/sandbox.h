/*
 * sandbox.h: what keeps a zygote and its snippets apart from the rest of the
 * machine: namespaces where the kernel lets us, limits, the scratch folder, and
 * the end of whatever a snippet leaves behind.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "wire/wire.h"

typedef struct {
  unsigned isolation;  /* WIRE_OWN_... */
  const char *scratch; /* absolute path of the scratch folder; borrowed */
  bool drops_rights;   /* snippets must give up what our user namespace gave */
  dev_t device;        /* that it is on while nothing is mounted there */
} Sandbox;

/* Enters a session of its own and the namespaces that can be had. Where there
 * is a pid namespace, it returns in a new process, pid 1 there, and the caller
 * becomes its warden: it passes the zygote's end on, and the zygote dies with
 * it. Never fails: what cannot be had is not in sandbox->isolation. */
void sandbox_enter(Sandbox *sandbox, const char *scratch);

/* Makes the scratch folder empty and ready, a fresh tmpfs where mounts are
 * ours. Returns 0, or -1 with errno. */
int sandbox_scratch_make(Sandbox *sandbox);

/* Drops it, whatever is in it: as a whole, or entry by entry without following
 * a link. Returns 0, or -1 with errno. */
int sandbox_scratch_drop(Sandbox *sandbox);

/* In a snippet's process: gives up rights, sets the limits. Returns 0 or -1
 * with errno. */
int sandbox_limit(const Sandbox *sandbox, const WireRun *run);

/* Kills a snippet that was not reaped yet, with its process group; with a pid
 * namespace, everything. */
void sandbox_kill(const Sandbox *sandbox, pid_t group);

/* After the snippet's own process was reaped: kills and reaps what it has left.
 * Returns how many processes were still alive. */
unsigned sandbox_sweep(const Sandbox *sandbox, pid_t group);
