/*
 * board_names.h: what threads, functions and objects are called, found without
 * running any code of the snippet: by looking into dictionaries and structures
 * alone. Needs the GIL; leaves no exception. Texts are UTF-8, cut to room bytes;
 * what is not found leaves text as it is.
 */
#pragma once

#include "worker/note.h"
#include "worker/stack.h"

/* Where the code of the request is on this thread's stack, as note_place() says
 * it, but for the outer line. *called, unless NULL, is the frame of the library
 * that it called there; its code is NULL where it called none. */
NotePlace place_of_stack(StackFrame *called);

/* What the threading module calls a thread. */
void name_of_thread(unsigned long identity, char *text, size_t room);

/* "Queue.get", "asyncio.run". */
void name_of_function(const StackFrame *frame, char *text, size_t room);

/* A name of __main__ for `owner`, where there is one, or for object, or for an
 * instance that has object as an attribute. Both are borrowed; owner may be NULL. */
void name_of_object(PyObject *object, PyObject *owner, char *text, size_t room);
