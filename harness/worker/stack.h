/*
 * stack.h: the frames of the thread that runs, without making frame objects of
 * them: those cost time and count with the garbage collector.
 *
 * Looks into CPython's structures where it is a version that we know (3.9 to
 * 3.13) and its headers are there; elsewhere it uses frame objects. All that is
 * given is borrowed, and valid while the frame runs. Needs the GIL, changes no
 * exception.
 */
#pragma once

#include "worker/pycompat.h"

typedef struct {
  PyCodeObject *code;
  PyObject *globals; /* or NULL */
  PyObject *first;   /* first argument, only to be compared and asked for its type; or NULL */
  int instruction;   /* as PyCode_Addr2Line() takes it */
  void *frame;
} StackFrame;

/* The innermost frame, and the one that called it; false where there is none. */
bool stack_innermost(StackFrame *frame);
bool stack_back(StackFrame *frame);

/* The line that the frame is at, 0 where it has none. */
int stack_line(const StackFrame *frame);
