#include "worker/examine.h"

#include <stdlib.h>
#include <string.h>

#include "worker/note.h"
#include "worker/syntax.h"
#include "worker/units.h"

/* The numbers that CPython's symbol tables use. */
typedef struct {
  PyObject *tabulate; /* _symtable.symtable; owned, as long as the process is */
  long bound, is_import, is_used, is_global, scope_shift, scope_mask, global_explicit,
      global_implicit;
  long type_function, type_class, type_module;
} Tables;

typedef struct {
  PyObject *bound;     /* set: names that the module level binds */
  PyObject *certain;   /* list: used by the module level's own code, */
  PyObject *uncertain; /* and by functions; in the order of their use */
} Names;

static long constant_of(PyObject *module, const char *name) {
  PyObject *value = PyObject_GetAttrString(module, name);
  long number = value && PyLong_Check(value) ? PyLong_AsLong(value) : -1;
  if (!value)
    PyErr_Clear();
  Py_XDECREF(value);
  return number;
}

/* Loaded once, in the zygote. */
static Tables tables;

int examine_prepare(void) {
  PyObject *module = PyImport_ImportModule("_symtable");
  if (!module)
    return -1;
  tables = (Tables){
      .tabulate = PyObject_GetAttrString(module, "symtable"),
      .bound = constant_of(module, "DEF_BOUND"),
      .is_import = constant_of(module, "DEF_IMPORT"),
      .is_used = constant_of(module, "USE"),
      .is_global = constant_of(module, "DEF_GLOBAL"),
      .scope_shift = constant_of(module, "SCOPE_OFF"),
      .scope_mask = constant_of(module, "SCOPE_MASK"),
      .global_explicit = constant_of(module, "GLOBAL_EXPLICIT"),
      .global_implicit = constant_of(module, "GLOBAL_IMPLICIT"),
      .type_function = constant_of(module, "TYPE_FUNCTION"),
      .type_class = constant_of(module, "TYPE_CLASS"),
      .type_module = constant_of(module, "TYPE_MODULE"),
  };
  Py_DECREF(module);
  return tables.tabulate ? 0 : -1;
}

/* A comprehension that runs where it stands. Its table is that of a function. */
static bool is_eager(PyObject *table) {
  PyObject *name = PyObject_GetAttrString(table, "name");
  bool eager = name && PyUnicode_Check(name) &&
               (PyUnicode_CompareWithASCIIString(name, "listcomp") == 0 ||
                PyUnicode_CompareWithASCIIString(name, "setcomp") == 0 ||
                PyUnicode_CompareWithASCIIString(name, "dictcomp") == 0);
  Py_XDECREF(name);
  PyErr_Clear();
  return eager;
}

/* Adds what one table and those in it bind and use of the module's names.
 * is_run: its code runs with the module's. */
static int names_collect(PyObject *table, bool is_run, Names *names) {
  int result = -1;
  PyObject *children = NULL;
  long type = constant_of(table, "type");
  bool is_module = type == tables.type_module;
  PyObject *symbols = PyObject_GetAttrString(table, "symbols");
  if (!symbols || !PyDict_Check(symbols))
    goto done;
  if (type == tables.type_function)
    is_run = is_run && is_eager(table);
  else if (type != tables.type_class && !is_module)
    is_run = false; /* annotations and type parameters, evaluated at need */
  PyObject *name, *flags;
  Py_ssize_t position = 0;
  while (PyDict_Next(symbols, &position, &name, &flags)) {
    long bits = PyLong_AsLong(flags);
    long scope = bits >> tables.scope_shift & tables.scope_mask;
    bool is_global = scope == tables.global_explicit || scope == tables.global_implicit;
    if ((bits & tables.bound) && (is_module || is_global) && PySet_Add(names->bound, name) < 0)
      goto done;
    if ((bits & tables.is_used) && is_global &&
        PyList_Append(is_run ? names->certain : names->uncertain, name) < 0)
      goto done;
  }
  children = PyObject_GetAttrString(table, "children");
  if (!children || !PyList_Check(children) || Py_EnterRecursiveCall(" in names"))
    goto done;
  result = 0;
  for (Py_ssize_t i = 0; result == 0 && i < PyList_GET_SIZE(children); i++)
    result = names_collect(PyList_GET_ITEM(children, i), is_run, names);
  Py_LeaveRecursiveCall();
done:
  Py_XDECREF(children);
  Py_XDECREF(symbols);
  return result;
}

/* --- what surely runs -------------------------------------------------- */

static int walk(PyObject *node, PyObject *used, bool *ends);

/* Walks one field: a node, a list of nodes or neither. */
static int walk_field(PyObject *node, const char *field, PyObject *used, bool *ends) {
  PyObject *value = PyObject_GetAttrString(node, field);
  if (!value) {
    PyErr_Clear();
    return 0;
  }
  int result = 0;
  if (PyList_Check(value)) {
    for (Py_ssize_t i = 0; result == 0 && !*ends && i < PyList_GET_SIZE(value); i++)
      result = walk(PyList_GET_ITEM(value, i), used, ends);
  } else {
    result = walk(value, used, ends);
  }
  Py_DECREF(value);
  return result;
}

static int walk_fields(PyObject *node, const char *const *fields, PyObject *used, bool *ends) {
  int result = 0;
  for (; *fields && result == 0 && !*ends; fields++)
    result = walk_field(node, *fields, used, ends);
  return result;
}

/* Only the first node of a list. */
static int walk_first(PyObject *node, const char *field, PyObject *used, bool *ends) {
  PyObject *list = PyObject_GetAttrString(node, field);
  int result = list ? 0 : -1;
  if (list && PyList_Check(list) && PyList_GET_SIZE(list) > 0)
    result = walk(PyList_GET_ITEM(list, 0), used, ends);
  Py_XDECREF(list);
  return result;
}

/* sys.exit(...), os._exit(...), exit(...), quit(...) */
static bool call_ends(PyObject *call) {
  PyObject *function = PyObject_GetAttrString(call, "func");
  PyObject *name =
      function ? PyObject_GetAttrString(function, syntax_is(function, "Name") ? "id" : "attr")
               : NULL;
  PyErr_Clear();
  bool ends = name && PyUnicode_Check(name) &&
              (PyUnicode_CompareWithASCIIString(name, "exit") == 0 ||
               PyUnicode_CompareWithASCIIString(name, "_exit") == 0 ||
               PyUnicode_CompareWithASCIIString(name, "quit") == 0);
  Py_XDECREF(name);
  Py_XDECREF(function);
  return ends;
}

/* What of a kind of node surely runs when it does; the other kinds run whole.
 * A comprehension's rest and the body of a for are taken to run. */
static const struct {
  const char *kind;
  const char *fields[6];
} sure_fields[] = {
    {"FunctionDef", {"decorator_list", "args", "returns"}},
    {"AsyncFunctionDef", {"decorator_list", "args", "returns"}},
    {"Lambda", {"args"}},
    {"ClassDef", {"decorator_list", "bases", "keywords", "body"}},
    {"IfExp", {"test"}},
    {"If", {"test"}},
    {"While", {"test"}},
    {"For", {"iter", "body"}},
    {"Try", {"body", "finalbody"}},
    {"TryStar", {"body", "finalbody"}},
    {"Match", {"subject"}},
    {"Assert", {"test"}},
    {"TypeAlias", {NULL}},
};

static int walk_kind(PyObject *node, PyObject *used, bool *ends) {
  for (size_t i = 0; i < sizeof sure_fields / sizeof *sure_fields; i++)
    if (syntax_is(node, sure_fields[i].kind))
      return walk_fields(node, sure_fields[i].fields, used, ends);
  if (syntax_is(node, "BoolOp"))
    return walk_first(node, "values", used, ends);
  if (syntax_is(node, "Compare")) {
    int result = walk_field(node, "left", used, ends);
    return result < 0 ? result : walk_first(node, "comparators", used, ends);
  }
  if (syntax_is(node, "GeneratorExp")) {
    PyObject *generators = PyObject_GetAttrString(node, "generators");
    int result = generators ? 0 : -1;
    if (generators && PyList_Check(generators) && PyList_GET_SIZE(generators) > 0)
      result = walk_field(PyList_GET_ITEM(generators, 0), "iter", used, ends);
    Py_XDECREF(generators);
    return result;
  }
  PyObject *fields = PyObject_GetAttrString(node, "_fields");
  int result = 0;
  if (!fields || !PyTuple_Check(fields))
    PyErr_Clear(); /* a plain value within the tree */
  for (Py_ssize_t i = 0; fields && PyTuple_Check(fields) && i < PyTuple_GET_SIZE(fields); i++) {
    const char *field = PyUnicode_AsUTF8(PyTuple_GET_ITEM(fields, i));
    result = field ? walk_field(node, field, used, ends) : -1;
    if (result < 0 || *ends)
      break;
  }
  Py_XDECREF(fields);
  if (syntax_is(node, "Raise") || (syntax_is(node, "Call") && call_ends(node)))
    *ends = true;
  return result;
}

/* Adds the names that node surely uses; *ends where nothing after it runs. */
static int walk(PyObject *node, PyObject *used, bool *ends) {
  if (syntax_is(node, "Name")) {
    PyObject *name = PyObject_GetAttrString(node, "id");
    int result = name ? PySet_Add(used, name) : -1;
    Py_XDECREF(name);
    return result;
  }
  if (Py_EnterRecursiveCall(" in names"))
    return -1;
  int result = walk_kind(node, used, ends);
  Py_LeaveRecursiveCall();
  return result;
}

/* --- words ------------------------------------------------------------- */

/* Where one of these words stands, even in a comment, names may come from
 * elsewhere or their absence may be what the source is about. */
static const char *const doubtful_words[] = {
    "exec",       "eval",       "globals",           "locals",       "vars",          "setattr",
    "__import__", "builtins",   "__dict__",          "__builtins__", "except",        "NameError",
    "suppress",   "excepthook", "UnboundLocalError", "__getattr__",  "import_module", "modules",
};

static bool is_word_byte(char byte) {
  return byte == '_' || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z') || (byte & 0x80);
}

static bool imports_star(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\t' || *at == '\\' || *at == '\n'))
    at++;
  return at < end && *at == '*';
}

bool examine_has_word(const char *source, size_t size, const char *const *words, size_t count) {
  const char *end = source + size;
  for (const char *at = source; at < end;) {
    const char *word = at;
    while (at < end && is_word_byte(*at))
      at++;
    size_t length = (size_t)(at - word);
    for (size_t i = 0; length > 0 && i < count; i++)
      if (strlen(words[i]) == length && memcmp(word, words[i], length) == 0)
        return true;
    if (length == 0)
      at++;
  }
  return false;
}

static bool has_star_import(const char *source, size_t size) {
  static const char word[] = "import";
  const char *end = source + size, *at = source;
  while ((at = memmem(at, (size_t)(end - at), word, strlen(word)))) {
    bool is_whole = at == source || !is_word_byte(at[-1]);
    at += strlen(word);
    if (is_whole && imports_star(at, end))
      return true;
  }
  return false;
}

static bool is_doubtful(const char *source, size_t size) {
  return examine_has_word(source, size, doubtful_words,
                          sizeof doubtful_words / sizeof *doubtful_words) ||
         has_star_import(source, size);
}

/* --- the unit ---------------------------------------------------------- */

/* Drops what is bound, doubled, or there anyway from a list; new list. */
static PyObject *names_left(PyObject *list, PyObject *bound, PyObject *seen, PyObject *namespace) {
  PyObject *left = PyList_New(0);
  PyObject *builtins = PyEval_GetBuiltins(); /* borrowed */
  for (Py_ssize_t i = 0; left && i < PyList_GET_SIZE(list); i++) {
    PyObject *name = PyList_GET_ITEM(list, i);
    if (PySet_Contains(bound, name) == 1 || PySet_Contains(seen, name) == 1 ||
        PyDict_Contains(namespace, name) == 1 || PyDict_Contains(builtins, name) == 1)
      continue;
    const char *text = PyUnicode_AsUTF8(name);
    /* A class body has these of itself; the prompt binds the last. */
    if (!text || strcmp(text, "__module__") == 0 || strcmp(text, "__qualname__") == 0 ||
        strcmp(text, "__class__") == 0 || strcmp(text, "__annotations__") == 0 ||
        strcmp(text, "_") == 0)
      continue;
    if (PySet_Add(seen, name) < 0 || PyList_Append(left, name) < 0)
      Py_CLEAR(left);
  }
  return left;
}

/* Moves names that are not in `sure` from one list to the front of another. */
static int names_demote(PyObject *certain, PyObject *sure, PyObject *uncertain) {
  for (Py_ssize_t i = PyList_GET_SIZE(certain); i-- > 0;) {
    PyObject *name = PyList_GET_ITEM(certain, i);
    if (PySet_Contains(sure, name) == 1)
      continue;
    if (PyList_Insert(uncertain, 0, name) < 0 || PySequence_DelItem(certain, i) < 0)
      return -1;
  }
  return 0;
}

/* The names joined by blanks, as bytes; new reference. */
static PyObject *names_text(PyObject *names) {
  PyObject *blank = PyUnicode_FromString(" ");
  PyObject *text = blank ? PyUnicode_Join(blank, names) : NULL;
  PyObject *bytes = text ? PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace") : NULL;
  Py_XDECREF(text);
  Py_XDECREF(blank);
  return bytes;
}

static size_t text_room(PyObject *bytes) {
  size_t size = (size_t)PyBytes_GET_SIZE(bytes);
  return sizeof(uint32_t) + (size > JOURNAL_TEXT_MAX ? JOURNAL_TEXT_MAX : size);
}

static int names_note(PyObject *bound, PyObject *needed, Py_ssize_t certain) {
  JournalHead *journal = note_journal();
  PyObject *bound_list = PySequence_List(bound);
  PyObject *bound_text = bound_list ? names_text(bound_list) : NULL;
  PyObject *needed_text = bound_text ? names_text(needed) : NULL;
  int result = needed_text ? 0 : -1;
  JournalNames *entry = needed_text
                            ? journal_reserve(journal, JOURNAL_NAMES, sizeof *entry,
                                              text_room(bound_text) + text_room(needed_text))
                            : NULL;
  if (entry) {
    entry->certain = (uint32_t)certain;
    entry->texts = 2;
    char *at = (char *)(entry + 1);
    journal_put_text(&at, PyBytes_AS_STRING(bound_text), (size_t)PyBytes_GET_SIZE(bound_text));
    journal_put_text(&at, PyBytes_AS_STRING(needed_text), (size_t)PyBytes_GET_SIZE(needed_text));
    journal_commit(entry);
  }
  Py_XDECREF(bound_list);
  Py_XDECREF(bound_text);
  Py_XDECREF(needed_text);
  return result;
}

/* New reference, NULL without an exception where it does not compile. */
static PyObject *piece_table(const WirePiece *piece) {
  PyObject *source = PyUnicode_DecodeUTF8(piece->source, (Py_ssize_t)piece->size, "replace");
  PyObject *table =
      source ? PyObject_CallFunction(tables.tabulate, "Oss", source, "<names>", "exec") : NULL;
  Py_XDECREF(source);
  PyErr_Clear();
  return table;
}

/* Collects the names of one piece; one that does not compile has none. */
static int piece_collect(const WireUnit *unit, uint32_t piece, Names *names) {
  PyObject *table = piece_table(&unit->pieces[piece]);
  int result = table ? names_collect(table, true, names) : 0;
  Py_XDECREF(table);
  return result;
}

/* Adds the names that the unit's pieces surely use. */
static int unit_walk(const WireUnit *unit, PyObject *sure) {
  int result = 0;
  for (uint32_t i = 0; result == 0 && i < unit->piece_count; i++) {
    PyObject *tree = units_parse(&unit->pieces[i]);
    bool ends = false;
    if (tree)
      result = walk_field(tree, "body", sure, &ends);
    else
      PyErr_Clear();
    Py_XDECREF(tree);
  }
  return result;
}

/* --- names of functions ------------------------------------------------ */

/* A function that is looked for. */
typedef struct {
  PyObject *function, *name; /* borrowed */
  uint32_t line;
  int found;     /* how many tables fit */
  bool can_load; /* of the last one */
} Search;

/* What a table says of a name, 0 where it does not know it. */
static long symbol_bits(PyObject *table, PyObject *name) {
  PyObject *symbols = PyObject_GetAttrString(table, "symbols");
  PyObject *flags =
      symbols && PyDict_Check(symbols) ? PyDict_GetItem(symbols, name) : NULL; /* borrowed */
  long bits = flags ? PyLong_AsLong(flags) : 0;
  Py_XDECREF(symbols);
  PyErr_Clear();
  return bits;
}

static bool is_searched(PyObject *table, const Search *search) {
  PyObject *name = PyObject_GetAttrString(table, "name");
  bool fits = name && PyUnicode_Check(name) && PyUnicode_Compare(name, search->function) == 0 &&
              constant_of(table, "lineno") == (long)search->line;
  Py_XDECREF(name);
  PyErr_Clear();
  return fits;
}

/* is_hidden: a function around the table binds the name. */
static void table_search(PyObject *table, bool is_hidden, Search *search) {
  bool is_function = constant_of(table, "type") == tables.type_function;
  long bits = symbol_bits(table, search->name);
  if (is_function && is_searched(table, search)) {
    search->found++;
    search->can_load = bits != 0 || !is_hidden;
  }
  is_hidden = is_hidden || (is_function && (bits & tables.bound) != 0);
  PyObject *children = PyObject_GetAttrString(table, "children");
  if (children && PyList_Check(children) && Py_EnterRecursiveCall(" in names") == 0) {
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(children); i++)
      table_search(PyList_GET_ITEM(children, i), is_hidden, search);
    Py_LeaveRecursiveCall();
  }
  Py_XDECREF(children);
  PyErr_Clear();
}

PyObject *examine_table(const WireUnit *unit) {
  PyObject *errors = syntax_hush();
  PyObject *table = piece_table(&unit->pieces[0]);
  syntax_unhush(errors);
  return table;
}

bool examine_can_load(PyObject *table, PyObject *function, uint32_t line, PyObject *name) {
  Search search = {.function = function, .name = name, .line = line};
  table_search(table, false, &search);
  return search.found == 1 && search.can_load;
}

/* --- the whole --------------------------------------------------------- */

bool examine_unit(const WireUnit *unit, PyObject *namespace, bool hold_back) {
  bool is_held = false;
  Names names = {PySet_New(NULL), PyList_New(0), PyList_New(0)};
  PyObject *seen = PySet_New(NULL), *sure = PySet_New(NULL);
  PyObject *certain = NULL, *uncertain = NULL;
  /* Warnings of the parser come again when the unit is compiled to run. */
  PyObject *errors = syntax_hush();

  if (!names.bound || !names.certain || !names.uncertain || !seen || !sure)
    goto done;
  for (uint32_t i = 0; i < unit->piece_count; i++)
    if (piece_collect(unit, i, &names) < 0)
      goto done;
  certain = names_left(names.certain, names.bound, seen, namespace);
  uncertain = certain ? names_left(names.uncertain, names.bound, seen, namespace) : NULL;
  if (!uncertain)
    goto done;
  if (PyList_GET_SIZE(certain) > 0 &&
      (unit_walk(unit, sure) < 0 || names_demote(certain, sure, uncertain) < 0))
    goto done;
  bool doubtful = false;
  for (uint32_t i = 0; i < unit->piece_count; i++)
    doubtful = doubtful || is_doubtful(unit->pieces[i].source, unit->pieces[i].size);
  Py_ssize_t sure_count = PyList_GET_SIZE(certain);
  if (PyList_SetSlice(certain, sure_count, sure_count, uncertain) < 0 ||
      names_note(names.bound, certain, sure_count) < 0)
    goto done;
  if (hold_back && sure_count > 0 && !doubtful) {
    note_event(JOURNAL_HELD);
    is_held = true;
  }
done:
  PyErr_Clear();
  syntax_unhush(errors);
  Py_XDECREF(names.bound);
  Py_XDECREF(names.certain);
  Py_XDECREF(names.uncertain);
  Py_XDECREF(seen);
  Py_XDECREF(sure);
  Py_XDECREF(certain);
  Py_XDECREF(uncertain);
  return is_held;
}
