/*
 * transcript.h: all that one run of a snippet did.
 *
 * A transcript is filled by run/ and only read afterwards. Lines are source
 * lines of the snippet that was run (its subject); what an earlier block of
 * the same session wrote is marked with unit numbers below subject_unit and
 * is not part of output or errors.
 */
#pragma once

#include <glib.h>

#include "model/fixture.h"
#include "model/threads.h"

/* How the run ended. */
typedef enum {
  OUTCOME_FINISHED,   /* reached its end, or sys.exit(0) */
  OUTCOME_RAISED,     /* an exception nobody caught ended it */
  OUTCOME_EXITED,     /* sys.exit(not 0), or os._exit(anything) */
  OUTCOME_SIGNALLED,  /* a signal that we did not send */
  OUTCOME_STOPPED,    /* we ended it: see limit */
  OUTCOME_STUCK,      /* we ended it: all its threads wait, and nothing can wake them */
  OUTCOME_UNPARSABLE, /* does not compile; raised holds the SyntaxError */
  OUTCOME_HELD,       /* not run: it needs names that nothing binds */
  OUTCOME_UNREADY,    /* not run: its fixture could not be made ready; see failure, traceback */
  OUTCOME_SKIPPED,    /* not run: the configuration says so; failure says why */
  OUTCOME_FAILED,     /* our own failure: see failure */
} OutcomeKind;

/* Which limit stopped it. */
typedef enum {
  LIMIT_NONE,
  LIMIT_WALL, /* ran too long */
  LIMIT_CPU,
  LIMIT_OUTPUT,
  LIMIT_MEMORY,
} LimitKind;

typedef enum { STREAM_OUTPUT, STREAM_ERRORS } StreamKind;

/* One write to sys.stdout or sys.stderr by code of the subject. */
typedef struct {
  StreamKind stream;
  guint line;       /* innermost line of the subject on the stack */
  guint outer_line; /* outermost such line: for the main thread, the line of
                       the module that led here */
  guint thread;     /* 0 is the main thread */
  guint64 time_ns;  /* since the run's start */
  gsize offset;     /* in output or errors */
  gsize length;     /* in bytes */
} Write;

/* A value that a claim speaks of: of a bare expression, or of variables. */
typedef struct {
  guint line;   /* first line of the statement; of the comment, for a claim that
                   speaks of variables where it stands */
  gchar *names; /* "x" or "x, y" (then it is a tuple); NULL for a bare expression */
  gchar *type;  /* name of its class, "int" */
  gchar *repr;  /* cut at 64 KiB */
  gchar *shown; /* how a reader would write it, where a fixture says so: "[1, 2]" for
                   "<QuerySet [1, 2]>"; else NULL */
  gboolean is_cut;
} Value;

/* An exception that reached the top level. */
typedef struct {
  guint line;         /* innermost line of the subject, 0 for none */
  guint outer_line;   /* line of the module's statement, 0 for none */
  gboolean passed;    /* the run went on with the next statement: a claim or a
                         prompt allowed it */
  gboolean in_thread; /* ended a thread, not the run */
  gboolean is_seen;   /* only seen as it left a claim's statement inside a block or a function:
                         it may have been caught; if not, it is noted again. outer_line is
                         that statement's, then */
  gchar *type;        /* "ValueError"; qualified for other than builtins */
  GStrv bases;        /* names of its class and all base classes, in the method
                         resolution order, up to Exception or BaseException */
  gchar *message;     /* str() of it, "" where that failed */
  gchar *name;        /* the name that a NameError, ImportError misses; or NULL */
} Raised;

/* What a commented-out line did, run in a process of its own. */
typedef enum { PROBE_FINISHED, PROBE_RAISED, PROBE_UNPARSABLE, PROBE_STOPPED, PROBE_DIED } ProbeEnd;

typedef struct {
  guint line; /* code_line of its claim */
  ProbeEnd end;
  Raised *raised; /* for PROBE_RAISED and PROBE_UNPARSABLE; else NULL */
  gchar *repr;    /* of its value, where it was an expression other than None; or NULL */
  gchar *output;  /* what it printed, never NULL */
} Probed;

/* Something that happened in a fixture's field while the snippet ran: an SQL statement. */
typedef struct {
  gchar *kind;       /* "sql" */
  guint line;        /* innermost line of the subject on the stack; 0 for none */
  guint outer_line;  /* outermost such line */
  guint thread;      /* 0 is the main thread */
  guint64 time_ns;   /* since the run's start */
  guint64 spent_ns;  /* how long it took; G_MAXUINT64 where that is not said */
  gint64 count;      /* rows, bytes, ...; -1 where that is not said */
  gboolean is_shown; /* only our looking at a value made it happen */
  gchar *text;       /* the statement */
} Event;

/* What a fixture, or an expectation, says about the run after its end. */
typedef enum {
  CHECKED_REMARK, /* about a comment of the snippet */
  CHECKED_PROSE,  /* about the prose beside it */
  CHECKED_AFTER,  /* what a fixture looked at by itself */
  CHECKED_FINAL,  /* a statement of the expectation: line is its number, from 1 */
} CheckedKind;

typedef enum { CHECKED_HOLDS, CHECKED_CONTRADICTED, CHECKED_UNCLEAR } CheckedEnd;

typedef struct {
  CheckedKind kind;
  CheckedEnd end;
  guint line;       /* source line; for CHECKED_PROSE see snippet_prose_line(); 0 for the whole
                       snippet */
  guint first_line; /* the statement that it speaks of; 0 for none */
  guint last_line;
  gchar *rule;   /* name of the word or check in the fixture */
  gchar *said;   /* the comment, the sentence; what was looked at */
  gchar *actual; /* what happened; NULL where that is not said */
  gchar *note;   /* why it is not clear; or NULL */
} Checked;

typedef struct {
  guint64 wall_ns;
  guint64 user_ns;
  guint64 system_ns;
  guint64 peak_bytes; /* own peak memory: above what it was born with */
  guint64 switches_voluntary;
  guint64 switches_forced;
} Usage;

typedef struct {
  OutcomeKind outcome;
  gint exit_code;      /* for OUTCOME_FINISHED and _EXITED */
  gint signal;         /* for OUTCOME_SIGNALLED */
  LimitKind limit;     /* for OUTCOME_STOPPED */
  guint wall_limit_ms; /* how long it was allowed to run */
  GPtrArray *waits;    /* Waiting *: the threads of a run that is stuck, the main thread
                          first; never NULL */
  gboolean is_ending;  /* its last statement had been run: it was in shutdown */
  guint last_line;     /* line of the main thread when it was stopped, exited or
                          crashed; 0 where that is not known */
  gchar *failure;      /* for OUTCOME_FAILED, _UNREADY and _SKIPPED: one line */
  gchar *traceback;    /* for OUTCOME_UNREADY: of the fixture, lines; NULL where there is none */

  GString *output;  /* what went to descriptor 1 and */
  GString *errors;  /* to descriptor 2, as bytes; head and tail where cut */
  gsize output_cut; /* bytes dropped between head and tail */
  gsize errors_cut;
  GArray *writes;               /* Write, in the order they were made */
  guint writes_lost;            /* not noted, because there were too many */
  GPtrArray *values;            /* Value *, in the order they were seen */
  GPtrArray *raised;            /* Raised *, likewise; the one that ended it is last */
  GArray *passed;               /* guint: first line of a claim's statement, once for each time
                                   that it was run to its end (the first few times) */
  GPtrArray *probed;            /* Probed *, likewise */
  const FixtureChoice *fixture; /* it ran with; borrowed from the snippet; NULL for none */
  gchar *variant;               /* of that; NULL for none */
  GPtrArray *events;            /* Event *, in the order in which they happened */
  guint events_lost;            /* not noted, because there were too many */
  GPtrArray *checked;           /* Checked *, in the order of their making */
  GilTimeline *gil;             /* NULL unless there were several threads */

  GStrv names_bound;   /* module names that the subject binds; never NULL */
  GStrv names_needed;  /* names that it uses and that neither it nor what ran
                          before it, nor Python itself, binds; never NULL */
  guint names_certain; /* so many of these, the first, are used at top level for
                          sure; the rest perhaps, in functions */
  guint prelude;       /* how many earlier blocks ran before it */
  guint survivors;     /* processes it left behind, killed */
  Usage usage;
  gint64 kept_us; /* when a result was made that was kept, real time; 0 for a run of now */
} Transcript;

Transcript *transcript_new(void);
void transcript_free(Transcript *transcript);

/* The exception that ended the run, or made it unparsable; NULL where none. */
const Raised *transcript_final_exception(const Transcript *transcript);

/* "finishes", "raises ValueError", "exits 3", "killed by SIGSEGV", "stopped:
 * ran longer than 10 s", "deadlocks"; newly allocated. */
gchar *transcript_outcome_text(const Transcript *transcript);

void value_free(Value *value);
void raised_free(Raised *raised);
void probed_free(Probed *probed);
void event_free(Event *event);
void checked_free(Checked *checked);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transcript, transcript_free)
