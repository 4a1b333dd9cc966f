/*
 * pycompat.h: what differs between CPython 3.9 and 3.15. The only place with
 * version tests, but for stack.c.
 */
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <frameobject.h>
#include <stdbool.h>
#include <structmember.h>

#if PY_VERSION_HEX < 0x03090000
#error "CPython 3.9 or later is needed"
#endif

/* The exception that is set, normalised and with its traceback attached; new
 * reference, and none is set any more. NULL where none was. */
static inline PyObject *compat_take_exception(void) {
#if PY_VERSION_HEX >= 0x030c0000
  return PyErr_GetRaisedException();
#else
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  if (!type)
    return NULL;
  PyErr_NormalizeException(&type, &value, &traceback);
  if (traceback)
    PyException_SetTraceback(value, traceback);
  Py_XDECREF(traceback);
  Py_DECREF(type);
  return value;
#endif
}

/* Sets it again; steals the reference. NULL clears. */
static inline void compat_set_exception(PyObject *exception) {
#if PY_VERSION_HEX >= 0x030c0000
  PyErr_SetRaisedException(exception);
#else
  if (!exception) {
    PyErr_Clear();
    return;
  }
  PyObject *type = (PyObject *)Py_TYPE(exception);
  Py_INCREF(type);
  PyErr_Restore(type, exception, PyException_GetTraceback(exception));
#endif
}

/* An error while SystemExit was handled: since 3.12 python3's shutdown stumbles
 * over it and reports it. */
static inline void compat_drop_exit_error(void) {
  if (!PyErr_Occurred())
    return;
#if PY_VERSION_HEX >= 0x030d0000
  PyErr_FormatUnraisable("Exception ignored on threading shutdown");
#elif PY_VERSION_HEX >= 0x030c0000
  PyErr_WriteUnraisable(NULL);
#else
  PyErr_Clear();
#endif
}

static inline bool compat_is_finalizing(void) {
#if PY_VERSION_HEX >= 0x030d0000
  return Py_IsFinalizing();
#else
  return _Py_IsFinalizing();
#endif
}

/* sys.orig_argv came with 3.10. */
static inline PyStatus compat_set_original_arguments(PyConfig *config, Py_ssize_t count,
                                                     wchar_t **arguments) {
#if PY_VERSION_HEX >= 0x030a0000
  return PyConfig_SetWideStringList(config, &config->orig_argv, count, arguments);
#else
  (void)config, (void)count, (void)arguments;
  return PyStatus_Ok();
#endif
}

#define COMPAT_HAS_ORIGINAL_ARGUMENTS (PY_VERSION_HEX >= 0x030a0000)

/* python3 sets __cached__ in a script's __main__ up to 3.14. */
#define COMPAT_MAIN_HAS_CACHED (PY_VERSION_HEX < 0x030f0000)

/* Code says which class it is of since 3.11. */
#define COMPAT_CODE_HAS_QUALNAME (PY_VERSION_HEX >= 0x030b0000)

/* The name that a NameError misses: new reference to a str or None. 3.9 says it
 * in the message only. */
static inline PyObject *compat_missing_name(PyObject *exception) {
#if PY_VERSION_HEX >= 0x030a0000
  return PyObject_GetAttrString(exception, "name");
#else
  PyObject *message = PyObject_Str(exception);
  if (!message)
    return NULL;
  PyObject *parts =
      PyUnicode_Check(message) ? PyObject_CallMethod(message, "split", "s", "'") : PyList_New(0);
  Py_DECREF(message);
  if (!parts)
    return NULL;
  PyObject *name = PyList_GET_SIZE(parts) == 3 ? PyList_GET_ITEM(parts, 1) : Py_None;
  Py_INCREF(name);
  Py_DECREF(parts);
  return name;
#endif
}

/* Two dictionaries (dict itself) change what is in them, in no time; nobody may be iterating over
 * them. false, and nothing is changed, on a version whose dictionaries we do not know. */
static inline bool compat_exchange_dictionaries(PyObject *one, PyObject *other) {
#if PY_VERSION_HEX < 0x030e0000 && !defined(Py_GIL_DISABLED)
  PyDictObject *first = (PyDictObject *)(void *)one, *second = (PyDictObject *)(void *)other;
  PyDictObject kept = *first;
  first->ma_used = second->ma_used;
  first->ma_keys = second->ma_keys;
  first->ma_values = second->ma_values;
  second->ma_used = kept.ma_used;
  second->ma_keys = kept.ma_keys;
  second->ma_values = kept.ma_values;
  return true;
#else
  (void)one, (void)other;
  return false;
#endif
}
