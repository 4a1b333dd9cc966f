/*
 * points.h: what a probe does when execution reaches it.
 *
 * A point is an object among the constants of code. `point @ operand` does what it
 * is there for and gives the operand. In a syntax tree, where there can be no such
 * object, a constant of Python's own stands for it until the code is compiled.
 */
#pragma once

#include "worker/probe_code.h"
#include "worker/units.h"

typedef struct {
  const WireProbe *wire;
  char *text;      /* owned, ends with a NUL */
  PyObject *names; /* tuple of those in text; NULL for code */
  uint32_t unit;
  const char *path;                            /* of the unit's file */
  ApartCode code;                              /* for code: filled in when its place is known */
  unsigned passes, exceptions, values, trials; /* so often each was noted */
  bool is_counted;                             /* for a remark: its statement is, */
  uint64_t count;                              /* and was begun so often */
} Probe;

typedef enum {
  POINT_PASSED, /* notes that the statement was run to its end */
  POINT_RETURN, /* likewise; its operand is what the function returns */
  POINT_RAISED, /* notes the exception that is being handled */
  POINT_VALUE,  /* notes the operand as the value of the names */
  POINT_LOOK,   /* notes the names' value in a namespace that is a dictionary */
  POINT_CODE,   /* runs the code */
  POINT_COUNT,  /* counts the statement that it stands before */
  POINT_MISSED, /* no point: the class NameError */
  POINT_ACTIONS
} PointAction;

/* Reads the probes of the subject, once; they are kept to the end of the process.
 * Returns 0, or -1 with a Python exception. */
int points_read(const UnitFile *file);

/* One of them, by its number in the unit. */
Probe *points_probe(uint32_t number);

/* How often the statement of a remark was begun; false where that is not known. */
bool points_count(uint32_t number, uint64_t *count);
/* Nothing is counted, after all. */
void points_count_none(void);

/* In a transcript, whose tree nothing is put into: remarks of a prompt's first statement are
 * counted, here when the prompt that begins on a line is run. The first returns 0, or -1 with
 * an exception. */
int points_count_prompts(const UnitFile *file);
void points_count_line(uint32_t line);

/* The constant that stands for a point in a tree: new reference, NULL with an
 * exception. */
PyObject *points_constant(const Probe *probe, PointAction action);

/* Puts the points into code that was compiled from a tree with such constants.
 * Steals code, which may be NULL with an exception. New reference, or NULL with an
 * exception. */
PyObject *points_bind(PyObject *code);
