/*
 * journal.h: shared memory in which a running snippet notes what it does.
 *
 * One journal belongs to one zygote for its whole life; runs use it one after
 * the other. The writer is the snippet's process, any thread of it, and the
 * processes that it forks; the reader is the supervisor, after the run has
 * ended. A snippet can scribble over it (it is memory of its own process), so
 * the reader believes nothing: sizes and types are checked, and entries of
 * another run are passed over.
 *
 * Entries follow each other, each a head and its payload, padded to 8 bytes.
 * An entry is reserved by adding its size to `used`; it counts when `state`
 * says that it is complete. One that does not fit is counted in `lost`. The last
 * part of the memory is the board (board.h).
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/board.h"

#define JOURNAL_MAGIC 0x50524a31u /* "PRJ1" */
#define JOURNAL_SIZE (8u << 20)   /* whole file; pages are used as needed */
/* Where the board begins; entries end there. */
#define JOURNAL_BOARD (JOURNAL_SIZE - (1u << 20))
#define JOURNAL_TEXT_MAX (64u << 10) /* longest text in an entry, cut beyond */

typedef enum {
  JOURNAL_START = 1, /* the first statement is about to run */
  JOURNAL_NAMES,     /* what the subject binds and needs */
  JOURNAL_HELD,      /* not run: see the needed names */
  JOURNAL_WRITE,     /* a write to sys.stdout or sys.stderr */
  JOURNAL_VALUE,     /* the value of a bare expression */
  JOURNAL_RAISED,    /* an exception */
  JOURNAL_SUBJECT,   /* the earlier blocks are done, the subject begins */
  JOURNAL_ENDING,    /* its last statement was run (or it raised): shutdown */
  JOURNAL_EXIT,      /* os._exit was called */
  JOURNAL_END,       /* Python's shutdown is over: the exit status is known */
  JOURNAL_FAILED,    /* the worker itself failed: text says how */
  JOURNAL_PASSED,    /* a statement that a probe watches was run to its end */
  JOURNAL_PROBED,    /* what a commented-out line did in its own process */
  JOURNAL_EVENT,     /* something happened in a fixture's field */
  JOURNAL_CHECKED,   /* what a fixture, or an expectation, says of the run */
  JOURNAL_UNREADY,   /* not run: the fixture could not be made ready */
  JOURNAL_CHECKING,  /* the subject has been run and its threads have ended, with this status; what
                        is checked then begins, and lasts until the next JOURNAL_ENDING: it is not
                        the snippet's doing */
  JOURNAL_HOOK,      /* the fixture's own code begins: where the process ends before */
  JOURNAL_HOOKED,    /* this, that is not the snippet's doing either */
} JournalType;

typedef struct {
  uint32_t magic;
  uint32_t version; /* WIRE_VERSION */
  uint32_t run;     /* run that writes now; set by the zygote */
  _Atomic uint32_t lost;
  _Atomic uint64_t used;     /* bytes of entries, may pass the capacity */
  uint64_t start_ns;         /* CLOCK_MONOTONIC when the run's child began */
  uint64_t start_peak_bytes; /* its peak resident size then */
  uint32_t padding[6];
} JournalHead; /* 64 bytes */

typedef struct {
  uint32_t size;          /* of head and payload, unpadded */
  uint16_t type;          /* JournalType */
  _Atomic uint16_t state; /* 1 when complete */
  uint32_t run;
  uint32_t process; /* 0 for the snippet's own process, else a forked one */
  uint64_t time_ns; /* CLOCK_MONOTONIC */
} JournalEntry;

typedef struct {
  JournalEntry entry;
  uint32_t unit;       /* index in the request: the subject's if its code is on
                          the stack, else of the innermost unit; UINT32_MAX if
                          none */
  uint32_t line;       /* source lines in that unit: innermost */
  uint32_t outer_line; /* and outermost */
  uint32_t thread;     /* 0 for the main thread, then in order of appearance */
  uint32_t stream;     /* 1 or 2 */
  uint32_t hash;       /* journal_hash() of the bytes */
  uint64_t length;
} JournalWrite;

/* Several texts, each a 32-bit size and the bytes, without padding, follow the
 * fixed part of these. */
typedef struct {
  JournalEntry entry;
  uint32_t unit;
  uint32_t line;
  uint32_t is_cut;
  uint32_t texts; /* 4: type, repr, and what it is the value of: the names that a probe
                     asks for; empty for a bare expression; and what a fixture shows
                     instead of the repr, or empty */
} JournalValue;

/* JOURNAL_PASSED: line is the first of the statement. */
typedef struct {
  JournalEntry entry;
  uint32_t unit;
  uint32_t line;
} JournalPassed;

/* JOURNAL_PROBED: line is the probe's. */
typedef struct {
  JournalEntry entry;
  uint32_t unit;
  uint32_t line;
  uint32_t end;   /* JournalProbeEnd */
  uint32_t texts; /* 6: of an exception its type, base classes joined by ' ',
                     message, name; the repr of the value where it was an
                     expression; what it printed */
} JournalProbed;

typedef enum {
  JOURNAL_PROBE_FINISHED = 1, /* ran to its end */
  JOURNAL_PROBE_RAISED,       /* raised: see the texts */
  JOURNAL_PROBE_UNPARSABLE,   /* is no Python: the SyntaxError is in the texts */
  JOURNAL_PROBE_STOPPED,      /* did not end in time */
  JOURNAL_PROBE_DIED,         /* ended its process */
} JournalProbeEnd;

typedef struct {
  JournalEntry entry;
  uint32_t unit;
  uint32_t line;
  uint32_t outer_line;
  uint32_t flags; /* JOURNAL_RAISED_... */
  uint32_t texts; /* 4: type, base classes joined by ' ', message, name (may be
                     empty) */
  uint32_t padding;
} JournalRaised;

enum {
  JOURNAL_RAISED_PASSED = 1 << 0,    /* the run went on */
  JOURNAL_RAISED_COMPILING = 1 << 1, /* the source does not compile */
  JOURNAL_RAISED_THREAD = 1 << 2,    /* it ended a thread */
  JOURNAL_RAISED_EXIT = 1 << 3,      /* SystemExit: no error by itself */
  JOURNAL_RAISED_SEEN = 1 << 4,      /* seen as it left a statement inside a block or a
                                        function, whose first line is outer_line; whether
                                        something catches it is not said */
};

typedef struct {
  JournalEntry entry;
  uint32_t certain; /* how many of the needed names are used at top level, for
                       sure; they come first */
  uint32_t texts;   /* 2: names bound, names needed, each joined by ' ' */
} JournalNames;

typedef struct {
  JournalEntry entry;
  int32_t status;
  uint32_t line; /* for JOURNAL_EXIT: the subject's line, or 0 */
} JournalExit;   /* JOURNAL_END, JOURNAL_EXIT, JOURNAL_CHECKING */

typedef struct {
  JournalEntry entry;
  uint32_t texts; /* 1; 2 for JOURNAL_UNREADY: what is wrong in one line, the traceback */
  uint32_t padding;
} JournalText; /* JOURNAL_FAILED, JOURNAL_UNREADY */

typedef struct {
  JournalEntry entry;
  uint32_t unit; /* as in JournalWrite */
  uint32_t line;
  uint32_t outer_line;
  uint32_t thread;
  uint32_t flags;    /* JOURNAL_EVENT_... */
  uint32_t texts;    /* 2: kind, text */
  uint64_t spent_ns; /* UINT64_MAX where that is not said */
  int64_t count;     /* -1 where that is not said */
} JournalEvent;

enum {
  JOURNAL_EVENT_SHOWN = 1 << 0, /* only because the worker looked at a value */
};

/* JOURNAL_CHECKED: for what a probe asked for its line, first and last; line is 0 for what a
 * fixture looked at by itself and did not place. */
typedef struct {
  JournalEntry entry;
  uint32_t kind; /* JournalCheckedKind */
  uint32_t end;  /* JournalCheckedEnd */
  uint32_t line;
  uint32_t first;
  uint32_t last;
  uint32_t texts; /* 4: the rule's name, what is said, what happened, why it is not clear;
                     the last two may be empty */
} JournalChecked;

typedef enum {
  JOURNAL_CHECKED_REMARK = 1,
  JOURNAL_CHECKED_PROSE,
  JOURNAL_CHECKED_AFTER,
  JOURNAL_CHECKED_FINAL,
} JournalCheckedKind;

typedef enum {
  JOURNAL_CHECKED_HOLDS = 1,
  JOURNAL_CHECKED_CONTRADICTED,
  JOURNAL_CHECKED_UNCLEAR,
} JournalCheckedEnd;

/* JOURNAL_START, _HELD, _SUBJECT, _ENDING, _HOOK and _HOOKED are a bare JournalEntry. */

/* FNV-1a, 32 bits. */
uint32_t journal_hash(const void *bytes, size_t size);

/* --- writing (worker) -------------------------------------------------- */

/* Maps descriptor, whose file has JOURNAL_SIZE bytes. Returns NULL with errno
 * on failure (EPROTO for a smaller file). Unmapped by munmap. */
JournalHead *journal_map(int descriptor);

/* The board of a journal, and of a copy of it that has JOURNAL_SIZE bytes. */
Board *journal_board(JournalHead *journal);

/* The number that entries of this process carry: 0 at first. A forked process
 * sets its own, so that the reader can tell them apart. */
void journal_set_process(uint32_t process);
uint32_t journal_process(void);

/* Reserves an entry with room for `extra` bytes after fixed bytes, and fills
 * in the head. NULL where the journal is full. Safe in any thread and after
 * fork; takes no lock. */
void *journal_reserve(JournalHead *journal, JournalType type, size_t fixed, size_t extra);

/* Makes it count. */
void journal_commit(void *entry);

/* Appends one text at *at, which moves on; cut at JOURNAL_TEXT_MAX. */
void journal_put_text(char **at, const char *text, size_t size);

/* --- reading (supervisor) ---------------------------------------------- */

/* The next complete entry of this run at or after *position (begin with 0),
 * which moves behind it; NULL at the end or at the first malformed one. The
 * entry's size is known to cover the fixed part of its type. */
const JournalEntry *journal_next(const JournalHead *journal, uint32_t run, uint64_t *position);

/* Reads text number index of the texts that begin after `fixed` bytes of the
 * entry. Returns false where it is not wholly inside the entry. */
bool journal_text(const JournalEntry *entry, size_t fixed, unsigned index, const char **text,
                  size_t *size);

/* Makes it ready for the next run: nothing used, nothing lost, all zero but
 * for magic and version. Not while anything of a run lives. */
void journal_reset(JournalHead *journal);
