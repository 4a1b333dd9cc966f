/*
 * sweep.h: what runs with a fixture leave on a database server, and who takes it away.
 *
 * Private to run/. A snippet's database is dropped when its process ends in order. What others
 * leave goes with the next process of that fixture, because each looks for it when it begins; only
 * behind the last one there is none. So where the last one was killed, the fixture is loaded once
 * more when the runner ends, and one that is just being loaded, with a database of its own, is
 * waited for. Without a server (PROCTOR_DATABASE_URL) there is nothing to be left.
 */
#pragma once

#include <glib.h>

#include "run/lane.h"

/* A run of the snapshot has ended; `runs` is the number of the last one that any zygote began. */
void sweep_note_run(Snapshot *snapshot, const Run *run, guint32 runs);

/* At the end of a runner: frees its lanes, and takes away what they have left, as long as that
 * takes no longer than a few seconds. Nothing is called back. start makes a lane of a
 * snapshot, or returns NULL. */
void sweep_lanes(GPtrArray *lanes, const GPtrArray *snapshots, guint wait_ms,
                 Lane *(*start)(Snapshot *snapshot, gpointer data), gpointer data);
