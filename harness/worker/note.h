/*
 * note.h: what the snippet's process writes into the journal.
 *
 * All functions need the GIL, leave a Python exception that is set as it is,
 * and never fail: what cannot be noted is left out.
 */
#pragma once

#include "wire/journal.h"
#include "worker/pycompat.h"

/* Where the code of the request is on a stack: the subject's where it is there
 * at all, else that of the innermost unit. */
typedef struct {
  uint32_t unit; /* UINT32_MAX: nowhere */
  uint32_t line; /* innermost and outermost line in that unit */
  uint32_t outer_line;
} NotePlace;

/* Notes go there from here on; NULL for none. */
void note_to(JournalHead *to);

/* Says that code with this file name (a str) belongs to a unit; the highest
 * unit is the subject. Returns 0, or -1 with a Python exception. */
int note_unit(PyObject *file, uint32_t unit);

/* Which unit code with this file name belongs to; false for none. */
bool note_find_unit(PyObject *file, uint32_t *unit);
bool note_is_subject(uint32_t unit);

/* The place on this thread's stack. */
NotePlace note_place(void);

/* 0 for the main thread, then 1, 2, ... in the order of their first note. Needs
 * no GIL. */
uint32_t note_thread(void);

void note_event(JournalType type);
void note_exit(JournalType type, int status);
void note_failure(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* exception: borrowed. The flag for SystemExit is added by itself. */
void note_exception(PyObject *exception, uint32_t flags);

/* An exception (borrowed) that leaves the subject's statement that begins on
 * line. */
void note_seen(PyObject *exception, uint32_t line);

/* What is said of a value: names are those that it is the value of, "" for a
 * bare expression. */
typedef struct {
  uint32_t unit;
  uint32_t line;
  const char *names;
} NoteOf;

/* Notes type and repr (a str) of a value, and what a fixture shows in its place (NULL for
 * none); all borrowed. */
void note_value(PyObject *value, PyObject *repr, PyObject *shown, NoteOf of);

/* The statement that begins there was run to its end. */
void note_passed(uint32_t unit, uint32_t line);

/* What a commented-out line did: exception, the repr of its value and what it
 * printed (str, long ones are cut) are borrowed, NULL for none. */
void note_probed(uint32_t unit, uint32_t line, JournalProbeEnd end, PyObject *exception,
                 PyObject *repr, PyObject *printed);

/* What happened in a fixture's field; kind and text are borrowed. Where there were too many it
 * only counts as lost. */
typedef struct {
  PyObject *kind;
  PyObject *text;
  uint64_t spent_ns; /* UINT64_MAX where that is not said */
  int64_t count;     /* -1 where that is not said */
  uint32_t flags;    /* JOURNAL_EVENT_... */
} NoteHappened;
void note_happened(const NoteHappened *happened);

/* The subject's lines that are running in this thread, the innermost first: new reference to
 * a tuple, NULL with an exception. */
PyObject *note_lines(void);

/* What a fixture, or an expectation, says of the run; all borrowed, texts NULL for none. */
typedef struct {
  JournalCheckedKind kind;
  JournalCheckedEnd end;
  uint32_t line, first, last;
  PyObject *rule, *said, *actual, *note;
} NoteChecked;
void note_checked(const NoteChecked *checked);

/* The fixture is not ready: a line and a traceback (both str, borrowed). */
void note_unready(PyObject *summary, PyObject *traceback);

/* The writes of this process, see capture.c. NULL where it is not to be noted. */
JournalHead *note_journal(void);
