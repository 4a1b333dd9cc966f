/*
 * threads.h: what the threads of a run did: what they wait for at its end, and
 * when each of them held the GIL.
 *
 * Lines are source lines of the subject, 0 where none is known.
 */
#pragma once

#include <glib.h>

/* A thread of a run that can never go on, and what it waits for. */
typedef struct {
  guint thread;       /* as in Write: 0 is the main thread */
  gchar *name;        /* "MainThread"; "thread 3" where Python does not say */
  guint line;         /* where it waits; 0: in shutdown, or in no code of the subject */
  gchar *what;        /* the library's function that it called there and that waits,
                         "Queue.get", "Thread.join"; "" where it takes the lock itself */
  gchar *lock;        /* name of what it waits for; "" where it has none */
  gboolean is_known;  /* the following says who would have to let it go */
  guint holder;       /* that thread: the one that took the lock, or is joined */
  gchar *holder_name; /* never NULL */
  guint holder_line;  /* where it took it; 0 for a thread that is joined */
} Waiting;

/* One thread's share of the GIL. */
typedef struct {
  guint thread;
  gchar *name;
  guint64 held_ns;
  guint64 waited_ns; /* from asking for it to having it */
  guint64 turns;
} GilShare;

/* One turn at holding it; times since the run's start. */
typedef struct {
  guint thread;
  guint64 asked_ns;
  guint64 start_ns;
  guint64 end_ns;
} GilTurn;

typedef struct {
  GPtrArray *shares; /* GilShare *, by thread */
  GArray *turns;     /* GilTurn, in order of their ends; the first ones where there
                        were too many */
  guint64 turns_lost;
  guint64 wall_ns; /* from the run's start to the end of the last turn */
} GilTimeline;

/* All texts are copied. */
Waiting *waiting_new(guint thread, const gchar *name, guint line, const gchar *what,
                     const gchar *lock);
void waiting_free(Waiting *waiting);

/* TRUE where waiting[from] waits for a thread that waits, perhaps over others,
 * for it; waits: Waiting *. */
gboolean waiting_is_cycle(const GPtrArray *waits, guint from);

GilTimeline *gil_timeline_new(void);
void gil_timeline_free(GilTimeline *timeline);
void gil_timeline_add_share(GilTimeline *timeline, guint thread, const gchar *name, guint64 held_ns,
                            guint64 waited_ns, guint64 turns);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Waiting, waiting_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GilTimeline, gil_timeline_free)
