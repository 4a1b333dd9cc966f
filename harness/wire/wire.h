/*
 * wire.h: what the supervisor and its workers say to each other.
 *
 * Linked by both programs, so plain C17 and POSIX: no GLib, no Python.
 *
 * There are three carriers:
 *
 *  - the control socket, descriptor WIRE_CONTROL_FD of the worker: a
 *    SOCK_SEQPACKET pair, one message a packet, each of a fixed size that its
 *    type decides. Anything else (another size, type, version or count of
 *    descriptors) is refused with EPROTO, and the receiver gives the
 *    connection up;
 *  - the request, a sealed memory file that comes with a RUN message: the
 *    sources to run, as a list of bounded fields (struct WireRequest);
 *  - the journal, descriptor WIRE_JOURNAL_FD: shared memory in which the
 *    running snippet's process notes what it does (journal.h). It costs no
 *    system call, cannot be closed by the snippet, and outlives its crash.
 *
 * What a snippet prints travels on none of them: it goes through pipes that
 * belong to the supervisor and are passed with RUN.
 *
 * Both ends are always built together and run on one machine, so numbers are
 * in host order; WIRE_VERSION changes whenever this file or journal.h does.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define WIRE_VERSION 4
#define WIRE_CONTROL_FD 3
#define WIRE_JOURNAL_FD 4

typedef enum {
  WIRE_HELLO = 1, /* worker: I am ready */
  WIRE_RUN,       /* supervisor: run this; carries WIRE_RUN_FDS descriptors */
  WIRE_STOP,      /* supervisor: kill what runs now */
  WIRE_DONE,      /* worker: it has ended and is reaped, nothing of it is left */
} WireType;

typedef struct {
  uint32_t version; /* WIRE_VERSION */
  uint32_t type;    /* WireType */
} WireHead;

/* What keeps a snippet apart from the rest of the machine. */
enum {
  WIRE_OWN_PIDS = 1 << 0,  /* a pid namespace: nothing survives a run */
  WIRE_OWN_PROC = 1 << 1,  /* with a /proc of its own */
  WIRE_OWN_MOUNTS = 1 << 2 /* a mount namespace: scratch is a fresh tmpfs */
};

typedef struct {
  WireHead head;
  uint32_t python;    /* PY_VERSION_HEX */
  uint32_t isolation; /* WIRE_OWN_... */
  int32_t zygote;     /* its pid as it sees itself: 1 in a pid namespace */
  int32_t padding;
} WireHello;

enum { WIRE_FD_REQUEST, WIRE_FD_OUTPUT, WIRE_FD_ERRORS, WIRE_RUN_FDS };

typedef struct {
  WireHead head;
  uint32_t run;           /* number of this run, noted in each journal entry */
  uint32_t request_size;  /* of the request's file, in bytes */
  uint32_t cpu_seconds;   /* limit for each process; 0 for none */
  uint32_t wall_ms;       /* after so long the supervisor stops it; 0: never */
  uint64_t address_bytes; /* limit of address space for each process; 0: none */
  uint64_t file_bytes;    /* limit of a file's size; 0 for none */
} WireRun;

typedef struct {
  WireHead head;
  uint32_t run; /* a STOP for a run that has ended is ignored */
  uint32_t padding;
} WireStop;

typedef struct {
  WireHead head;
  uint32_t run;
  int32_t status;     /* as waitpid gives it; -1 if it could not be started */
  uint32_t error;     /* errno then */
  uint32_t survivors; /* processes left behind, killed */
  uint64_t wall_ns;   /* from fork to reaped */
  uint64_t user_ns;
  uint64_t system_ns;
  uint64_t peak_bytes; /* highest resident size */
  uint64_t switches_voluntary;
  uint64_t switches_forced;
} WireDone;

typedef union {
  WireHead head;
  WireHello hello;
  WireRun run;
  WireStop stop;
  WireDone done;
} WireMessage;

/* Sends one message with count descriptors (they stay the caller's). Fills in
 * the head. Returns 0, or -1 with errno. Never raises SIGPIPE. */
int wire_send(int socket, WireType type, WireMessage *message, const int *descriptors,
              unsigned count);

/* Receives one message. Returns 1, 0 at the end of the connection, or -1 with
 * errno: EPROTO for anything that this file does not describe, EAGAIN where
 * nothing waits on a non-blocking socket. For WIRE_RUN, descriptors (room for
 * WIRE_RUN_FDS) receives descriptors that the caller owns, close-on-exec;
 * whatever else arrives is closed. */
int wire_receive(int socket, WireMessage *message, int *descriptors);

/* --- the request ------------------------------------------------------- */

typedef enum { WIRE_SCRIPT = 1, WIRE_TRANSCRIPT } WireUnitKind;

/* A piece of source: a whole script, or one prompt of a transcript. */
typedef struct {
  uint32_t line;      /* source line on which it begins */
  uint32_t size;      /* in bytes */
  const char *source; /* not terminated */
} WirePiece;

/* Something that is to be looked at while the subject, a script, runs. */
typedef enum {
  WIRE_PROBE_AFTER = 1, /* the statement whose first line is `line` (the innermost that begins
                           there, in a function too): note when it has been run to its
                           end (JOURNAL_PASSED), and an exception that leaves it
                           (JOURNAL_RAISED_SEEN); then note the value of the names in
                           `text`, "x" or "x, y" (then it is a tuple), unless it is empty */
  WIRE_PROBE_AT,        /* the comment at `line` and `column`, alone on its line: when execution
                           passes there, note the value of the names in `text` */
  WIRE_PROBE_CODE,      /* the comment at `line` and `column`: when execution passes there, run
                           the code `text` in a forked process, with the names that are
                           known there, and note what became of it (JOURNAL_PROBED) */
  /* The rest are for the words of a fixture, where there is one, when the run is over; what
     it says of them is noted (JOURNAL_CHECKED). */
  WIRE_PROBE_REMARK, /* the comment `text` at `line`, which speaks of the statement of lines
                        `first` to `last` (0: of none) */
  WIRE_PROBE_PROSE,  /* the paragraph `text` beside the snippet; its first line among those of
                        all of them */
  WIRE_PROBE_FINAL,  /* the expression `text`, number `line` of the expectation, is true in the
                        snippet's namespace when it has been run; needs no fixture */
} WireProbeKind;

/* Names that are unbound at that time are left out without a word. What a probe
 * notes it notes at most WIRE_PROBE_TIMES times. */
typedef struct {
  uint32_t kind; /* WireProbeKind */
  uint32_t line;
  uint32_t column; /* of the comment's sign, in bytes from 0 */
  uint32_t first;  /* for WIRE_PROBE_REMARK; else 0 */
  uint32_t last;
  uint32_t size; /* of text */
  const char *text;
} WireProbe;

#define WIRE_PROBE_TIMES 8u
#define WIRE_PROBES_MAX 4096u

/* One block. The last unit of a request is its subject; those before it only
 * prepare names: their exceptions are passed over. */
typedef struct {
  uint32_t kind; /* WireUnitKind */
  uint32_t piece_count;
  WirePiece *pieces; /* one for a script */
  uint32_t value_count;
  uint32_t *value_lines; /* bare expressions whose value is to be noted */
  uint32_t passing_count;
  uint32_t *passing_lines; /* top-level statements whose exception, noted, does
                              not end the script */
  uint32_t probe_count;
  WireProbe *probes;
} WireUnit;

enum {
  WIRE_HOLD_BACK = 1 << 0,     /* do not run it if it surely needs a name that
                                  nothing binds */
  WIRE_LINE_BUFFERED = 1 << 1, /* sys.stdout as on a terminal; otherwise as on a
                                  pipe */
};

typedef struct {
  uint32_t flags;
  uint32_t name_size;
  const char *name; /* of the script's file, "snippet.py": no '/' */
  uint32_t unit_count;
  WireUnit *units;
} WireRequest;

#define WIRE_REQUEST_MAX (64u << 20)
#define WIRE_UNITS_MAX 4096u
#define WIRE_PIECES_MAX 65536u

/* Writes the request into a new sealed memory file. Returns its descriptor
 * (close-on-exec, the caller's) and its size, or -1 with errno (E2BIG for one
 * over a maximum above). */
int wire_request_write(const WireRequest *request, uint32_t *size);

/* Reads a request. The arrays are allocated in one piece, freed by
 * wire_request_clear; sources and name point into the memory mapped from
 * descriptor, which stays mapped until then. Returns 0, or -1 with errno
 * (EPROTO for a malformed one). */
int wire_request_read(int descriptor, uint32_t size, WireRequest *request, void **storage);
void wire_request_clear(void *storage);
