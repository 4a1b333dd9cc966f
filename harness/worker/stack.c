#include "worker/stack.h"

#include <stdint.h>

/* How the frames are reached. */
#if PY_VERSION_HEX < 0x030b0000
#define STACK_FRAME_OBJECTS 1
#elif PY_VERSION_HEX < 0x030e0000 && !defined(Py_GIL_DISABLED) &&                                  \
    __has_include(<internal/pycore_frame.h>)
#define STACK_INTERPRETER_FRAMES 1
#define Py_BUILD_CORE 1
#include <internal/pycore_frame.h>
#undef Py_BUILD_CORE
#endif

#define CACHE_SIZE 64u

#if defined(STACK_INTERPRETER_FRAMES)

/* Fills in the frame or, where it does not run yet or belongs to C, the next
 * that does. */
static bool fill(StackFrame *frame, struct _PyInterpreterFrame *from) {
  while (from && _PyFrame_IsIncomplete(from))
    from = from->previous;
  if (!from)
    return false;
#if PY_VERSION_HEX >= 0x030d0000
  PyCodeObject *code = _PyFrame_GetCode(from);
#else
  PyCodeObject *code = from->f_code;
#endif
  *frame = (StackFrame){.code = code,
                        .globals = from->f_globals,
                        .first = code->co_argcount > 0 ? from->localsplus[0] : NULL,
                        .instruction = _PyInterpreterFrame_LASTI(from) * (int)sizeof(_Py_CODEUNIT),
                        .frame = from};
  return true;
}

bool stack_innermost(StackFrame *frame) {
#if PY_VERSION_HEX >= 0x030d0000
  return fill(frame, PyThreadState_Get()->current_frame);
#else
  return fill(frame, PyThreadState_Get()->cframe->current_frame);
#endif
}

bool stack_back(StackFrame *frame) {
  return fill(frame, ((struct _PyInterpreterFrame *)frame->frame)->previous);
}

#elif defined(STACK_FRAME_OBJECTS)

static bool fill(StackFrame *frame, PyFrameObject *from) {
  if (!from)
    return false;
#if PY_VERSION_HEX >= 0x030a0000
  int instruction = from->f_lasti * (int)sizeof(_Py_CODEUNIT);
#else
  int instruction = from->f_lasti;
#endif
  *frame = (StackFrame){.code = from->f_code,
                        .globals = from->f_globals,
                        .first = from->f_code->co_argcount > 0 ? from->f_localsplus[0] : NULL,
                        .instruction = instruction,
                        .frame = from};
  return true;
}

bool stack_innermost(StackFrame *frame) {
  return fill(frame, PyEval_GetFrame());
}

bool stack_back(StackFrame *frame) {
  return fill(frame, ((PyFrameObject *)frame->frame)->f_back);
}

#else

/* A frame that runs keeps its object and its code. */
static bool fill(StackFrame *frame, PyFrameObject *from) {
  if (!from)
    return false;
  PyCodeObject *code = PyFrame_GetCode(from);
  PyObject *globals = PyFrame_GetGlobals(from);
  *frame = (StackFrame){
      .code = code, .globals = globals, .instruction = PyFrame_GetLasti(from), .frame = from};
  Py_XDECREF(globals);
  Py_DECREF(code);
  return true;
}

bool stack_innermost(StackFrame *frame) {
  return fill(frame, PyEval_GetFrame());
}

bool stack_back(StackFrame *frame) {
  PyFrameObject *back = PyFrame_GetBack(frame->frame);
  Py_XDECREF(back);
  return fill(frame, back);
}

#endif

#if PY_VERSION_HEX >= 0x030a0000
#define LINE_TABLE(code) ((code)->co_linetable)
#else
#define LINE_TABLE(code) ((code)->co_lnotab)
#endif

/* Finding a line means to read the table from its beginning. The code is not
 * kept alive, so that an entry is only believed where all else agrees too. */
int stack_line(const StackFrame *frame) {
  static struct {
    PyCodeObject *code;
    PyObject *table;
    int first, instruction, line;
  } cache[CACHE_SIZE];
  PyCodeObject *code = frame->code;
  uintptr_t at = ((uintptr_t)code >> 5 ^ (uintptr_t)frame->instruction >> 1) % CACHE_SIZE;
  if (cache[at].code != code || cache[at].instruction != frame->instruction ||
      cache[at].table != LINE_TABLE(code) || cache[at].first != code->co_firstlineno) {
    int line = PyCode_Addr2Line(code, frame->instruction);
    cache[at].code = code;
    cache[at].table = LINE_TABLE(code);
    cache[at].first = code->co_firstlineno;
    cache[at].instruction = frame->instruction;
    cache[at].line = line > 0 ? line : 0;
  }
  return cache[at].line;
}
