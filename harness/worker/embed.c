#include "worker/embed.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "worker/capture.h"
#include "worker/child.h"
#include "worker/examine.h"
#include "worker/fixture.h"
#include "worker/gil.h"
#include "worker/locks.h"
#include "worker/pycompat.h"
#include "worker/shutdown.h"

/* Imported once, because snippets import them again and again. Each costs every
 * snippet some page faults, so that the list is short: what teaching material
 * uses most, and what is cheap beside it. */
static const char *const preload[] = {"collections", "functools", "itertools", "re",
                                      "copy",        "time",      "_ast",      "_symtable"};

/* Configures and initialises, to run a file where there are arguments; on failure
 * the status says why. */
static PyStatus start(int count, char **arguments, const uint32_t *hash_seed) {
  PyPreConfig before;
  PyPreConfig_InitPythonConfig(&before);
  before.parse_argv = 0;
  PyStatus status = Py_PreInitialize(&before);
  if (PyStatus_Exception(status))
    return status;

  PyConfig config;
  PyConfig_InitPythonConfig(&config);
  config.parse_argv = 0;
  if (hash_seed) {
    config.use_hash_seed = 1;
    config.hash_seed = *hash_seed;
  }
  status = PyConfig_SetBytesString(&config, &config.program_name, PROCTOR_PYTHON_PROGRAM);
  wchar_t **wide = calloc((size_t)count + 1, sizeof *wide);
  for (int i = 0; wide && i <= count && !PyStatus_Exception(status); i++) {
    wide[i] = Py_DecodeLocale(i == 0 ? PROCTOR_PYTHON_PROGRAM : arguments[i - 1], NULL);
    if (!wide[i])
      status = PyStatus_NoMemory();
  }
  if (!wide)
    status = PyStatus_NoMemory();
  if (!PyStatus_Exception(status) && count > 0) {
    status = PyConfig_SetWideStringList(&config, &config.argv, count, wide + 1);
    if (!PyStatus_Exception(status))
      status = compat_set_original_arguments(&config, count + 1, wide);
    if (!PyStatus_Exception(status) && strcmp(arguments[0], "-") != 0)
      status = PyConfig_SetString(&config, &config.run_filename, wide[1]);
  }
  if (!PyStatus_Exception(status))
    status = Py_InitializeFromConfig(&config);
  for (int i = 0; wide && i <= count; i++)
    PyMem_RawFree(wide[i]);
  free(wide);
  PyConfig_Clear(&config);
  return status;
}

int embed_file(int count, char **arguments) {
  PyStatus status = start(count, arguments, NULL);
  if (PyStatus_Exception(status))
    Py_ExitStatusException(status);
  return Py_RunMain();
}

/* A line without anything that would make it two. */
static void describe(const char *key, const char *value) {
  printf("%s ", key);
  for (; *value; value++)
    putchar(*value == '\n' ? ' ' : *value);
  putchar('\n');
}

static int describe_path(void) {
  PyObject *path = PySys_GetObject("path"); /* borrowed */
  if (!path || !PyList_Check(path))
    return -1;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(path); i++) {
    PyObject *bytes = NULL; /* a new reference */
    if (!PyUnicode_FSConverter(PyList_GET_ITEM(path, i), &bytes))
      return -1;
    describe("path", PyBytes_AS_STRING(bytes));
    Py_DECREF(bytes);
  }
  return 0;
}

int embed_describe(void) {
  PyStatus status = start(0, NULL, NULL);
  if (PyStatus_Exception(status))
    Py_ExitStatusException(status);
  Dl_info library;
  printf("version %d.%d.%d\n", PY_MAJOR_VERSION, PY_MINOR_VERSION, PY_MICRO_VERSION);
  describe("build", Py_GetVersion()); /* the library's; with its compiler */
  describe("made", Py_GetBuildInfo());
  if (dladdr((void *)Py_GetVersion, &library) != 0 && library.dli_fname)
    describe("libpython", library.dli_fname);
  int result = describe_path();
  return fflush(stdout) == 0 && result == 0 ? 0 : 1;
}

/* Puts a pipe at 1 and 2 while Python makes its streams, so that they are what
 * they are on pipes; *kept are the ones that were there. */
static int begin_pipes(int *kept, int *ends) {
  kept[0] = fcntl(1, F_DUPFD_CLOEXEC, 10);
  kept[1] = fcntl(2, F_DUPFD_CLOEXEC, 10);
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
    return -1;
  return dup2(ends[1], 1) < 0 || dup2(ends[1], 2) < 0 ? -1 : 0;
}

/* Puts them back, and passes on what was said meanwhile. */
static void end_pipes(const int *kept, const int *ends) {
  for (int i = 0; i < 2; i++) {
    if (kept[i] >= 0)
      dup2(kept[i], i + 1);
    close(kept[i]);
  }
  char said[4096];
  ssize_t size = read(ends[0], said, sizeof said);
  ssize_t passed = size > 0 ? write(2, said, (size_t)size) : 0;
  (void)passed; /* nobody is left to be told */
  close(ends[0]);
  close(ends[1]);
}

static int import_preload(void) {
  for (size_t i = 0; i < sizeof preload / sizeof *preload; i++) {
    PyObject *module = PyImport_ImportModule(preload[i]);
    if (!module)
      return -1;
    Py_DECREF(module);
  }
  /* The types of syntax trees are made at their first use. */
  PyCompilerFlags how = {.cf_flags = PyCF_ONLY_AST, .cf_feature_version = PY_MINOR_VERSION};
  PyObject *tree = Py_CompileStringFlags("", "", Py_file_input, &how);
  Py_XDECREF(tree);
  return tree ? 0 : -1;
}

/* The script's folder comes first, as for python3 file.py. */
static int set_path(const char *folder) {
  PyObject *path = PySys_GetObject("path"); /* borrowed */
  PyObject *text = PyUnicode_DecodeFSDefault(folder);
  int result = path && text ? PyList_Insert(path, 0, text) : -1;
  Py_XDECREF(text);
  return result;
}

/* All that is there now is the zygote's: no collection shall look at it, in the
 * children neither, where looking would copy it. */
static int freeze(void) {
  PyObject *collector = PyImport_ImportModule("gc");
  PyObject *collected = collector ? PyObject_CallMethod(collector, "collect", NULL) : NULL;
  PyObject *frozen = collected ? PyObject_CallMethod(collector, "freeze", NULL) : NULL;
  Py_XDECREF(frozen);
  Py_XDECREF(collected);
  Py_XDECREF(collector);
  return frozen ? 0 : -1;
}

int embed_zygote(const Sandbox *sandbox, const EmbedOptions *options, char *reason, size_t room) {
  int kept[2], ends[2];
  if (begin_pipes(kept, ends) < 0) {
    snprintf(reason, room, "cannot make pipes");
    return -1;
  }
  PyStatus status = start(0, NULL, options->hash_seed);
  end_pipes(kept, ends);
  if (PyStatus_Exception(status)) {
    snprintf(reason, room, "Python did not start: %s",
             status.err_msg ? status.err_msg : "it wanted to exit");
    return -1;
  }
  gil_learn();
  locks_install();
  if (import_preload() == 0 &&
      (!options->fixture || fixture_load(options->fixture, options->variant) == 0) &&
      capture_install() == 0 && examine_prepare() == 0 && child_prepare() == 0 &&
      shutdown_prepare() == 0 && set_path(sandbox->scratch) == 0 && freeze() == 0)
    return 0;
  PyObject *exception = compat_take_exception();
  PyObject *text = exception ? PyObject_Repr(exception) : NULL;
  const char *words = text ? PyUnicode_AsUTF8(text) : NULL;
  snprintf(reason, room, "Python could not be prepared: %s", words ? words : "unknown");
  return -1;
}
