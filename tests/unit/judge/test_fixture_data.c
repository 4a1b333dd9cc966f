/* Values that a fixture's rows decide: what is confirmed, and what is still accused. */
#include <stdlib.h>

#include "judge/fixture_data.h"
#include "judge/literal_shape.h"
#include "judge/same_sides.h"
#include "transcripts.h"

/* --- shapes ------------------------------------------------------------------ */

static const struct {
  const gchar *claimed, *actual, *code;
  gboolean differs;
} shapes[] = {
    {"{'price__avg': 250}", "{'price__avg': 3.5}", "Book.aggregate(Avg('price'))", FALSE},
    {"{'price__average': 250}", "{'price__avg': 3.5}", "Book.aggregate(Avg('price'))", TRUE},
    {"{'price__average': 250}", "{'price__avg': Decimal('3.50')}", "aggregate(Avg('price'))", TRUE},
    {"{'avg': 250}", "{'mean': None}", "Book.aggregate(mean=Avg('price'))", TRUE},
    {"{'avg': 250}", "{'price__avg': 1}", "stats", FALSE}, /* who knows whence the keys are */
    {"[{'title': 'A'}]", "[{'id': 1, 'title': 'A'}]", "Book.values()", FALSE},
    {"[{'title': 'A'}]", "[{'title': 'A', 'author': 1}]", "values('title', 'author')", TRUE},
    {"[{'title': 'A', 'author': 1}]", "[{'title': 'B', 'author': 'C'}]",
     "values('title', 'author')", FALSE},
    {"[('A', 1)]", "[{'title': 'A', 'author': 1}]", "values('title', 'author')", TRUE},
    {"[('A', 1), ('B', 2)]", "[('C', 'D')]", "values_list('title', 'author')", FALSE},
    {"['A', 'B']", "[('A',), ('B',)]", "values_list('title')", TRUE},
    {"[('A',), ('B',)]", "['A', 'B', 'C']", "values_list('title', flat=True)", TRUE},
    {"[1, 2]", "[(1,)]", "values_list('id')", TRUE},
    {"['A', 'B']", "[{'title': 'A'}]", "values('title')", TRUE},
    {"[{'title': 'A'}]", "['A']", "values_list('title', flat=True)", TRUE},
    {"['A', 'B']", "[{'a': 1}]", "values_list('data', flat=True)",
     FALSE}, /* a column may hold it */
    {"['A', None]", "[('A',)]", "f()", FALSE},
    {"['A', 'B']", "[('A',), 'B']", "f()", FALSE},
    {"['A']", "[[1]]", "f()", FALSE},
    {"['A']", "[1]", "f()", FALSE},
    {"[]", "None", "Book.objects.first()", TRUE},
    {"[]", "None", "books.get('A')", FALSE},
    {"[]", "None", "books['A']", FALSE},
    {"None", "[]", "f()", FALSE},
    {"[1]", "None", "f()", FALSE},
    {"[('A', 1, 2)]", "[('A', 1)]", "values_list('title', 'author')", FALSE},
    {"[{'a': [1]}]", "[{'a': {'b': 1}}]", "values('a')", TRUE},
    {"[{'a': 1}]", "[]", "values('b')", FALSE},
    {"[]", "[1]", "f()", FALSE},
    {"[1]", "{1}", "f()", TRUE},
    {"[1]", "{}", "f()", TRUE},
    {"{'a': 1}", "[1]", "f()", TRUE},
    {"3", "4", "f()", FALSE},
    {"3", "[4]", "f()", FALSE},
    {"None", "{'a': 1}", "f(a)", FALSE},
    {"[1]", "<QuerySet [{'a': 1}]>", "f(a)", FALSE},
    {"[{'a': 1}]", "[<Book: a, b>, {'b': 1}]", "f('b')", FALSE},
    {"no value", "[1]", "f()", FALSE},
    {"{'a': 1, 'b': 2}", "{'a': 1, 'b': -2.5e10}", "f()", FALSE},
    {"{'a, b': 1}", "{'b, a': (1, 2)}", "f('b, a')", TRUE},
    {"{1: 'a'}", "{2: 'a'}", "f(2)", FALSE},
    {"{'a': 1}", "{'B': Box(x=[1], y='z')}", "f(b=1)", TRUE},
    {"{'a': 1}", "{'ab': 1}", "f(cab=1)", FALSE},
};

START_TEST(a_shape_is_compared) {
  ck_assert_msg(literal_shape_differs(shapes[_i].claimed, shapes[_i].actual, shapes[_i].code) ==
                    shapes[_i].differs,
                "%s: %s and %s", shapes[_i].code, shapes[_i].claimed, shapes[_i].actual);
}
END_TEST

START_TEST(a_shape_is_only_so_deep) {
  g_autofree gchar *open = g_strnfill(50, '['), *close = g_strnfill(50, ']');
  g_autofree gchar *deep = g_strconcat(open, "1", close, NULL);
  ck_assert(!literal_shape_differs(deep, "{'a': 1}", "a"));
}
END_TEST

/* --- comparisons ------------------------------------------------------------- */

static const struct {
  const gchar *code;
  gboolean are_same;
} sides[] = {
    {"Book.objects.get(pk=1) is Book.objects.get(pk=1)\n", TRUE},
    {"print(Book.objects.get(pk=1) is Book.objects.get(pk=1))\n", TRUE},
    {"print(Book.objects.all() == Book.objects.all())\n", TRUE},
    {"print(books.filter(pk=1) is books)\n", TRUE},
    {"books is books.all()\n", TRUE},
    {"books == books.all()\n", FALSE}, /* values may be equal */
    {"author.name is author.name\n", FALSE},
    {"Book.objects.get(pk=1) is Book.objects.get(pk=2)\n", FALSE},
    {"books.first().author is author\n", FALSE},
    {"author.books.first() is author\n", FALSE},
    {"books.filter(pk=1)[0] is books\n", FALSE},
    {"books.all().first() is books\n", FALSE},
    {"books.first() is None\n", FALSE},
    {"books.all() is not books.all()\n", FALSE},
    {"x = books.all() is books\n", FALSE},
    {"books.all() is books, 1\n", FALSE},
    {"not books.all() is books\n", FALSE},
    {"f(' is ') == f(' is ')\n", TRUE},
    {"books.all(\n", FALSE},
    {"print(\n", FALSE},
    {"", FALSE},
};

START_TEST(what_is_compared_may_be_the_same_twice) {
  ck_assert_msg(sides_are_same(sides[_i].code) == sides[_i].are_same, "%s", sides[_i].code);
}
END_TEST

/* --- what is reached ----------------------------------------------------------- */

typedef struct {
  Fixture *fixture;
  FixtureChoice *choice;
  Snippet *snippet;
  Transcript *transcript;
} World;

static World world_new(const gchar *source) {
  const gchar *const names[] = {"Book", "import library", NULL};
  World world = {.fixture = fixture_new("library", "/f/library.py", "f/library.py")};
  world.choice = fixture_choice_new(world.fixture, names);
  world.snippet = make_snippet(source);
  world.transcript = transcript_new();
  world.transcript->fixture = world.choice;
  return world;
}

static void world_clear(World *world) {
  snippet_free(world->snippet);
  transcript_free(world->transcript);
  fixture_choice_free(world->choice);
  fixture_free(world->fixture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(World, world_clear)

static const struct {
  const gchar *source;
  const gchar *reached; /* of each line: 'x' where it is */
  guint event;          /* line; 0 for none */
} reaches[] = {
    {"x = 1\nprint(x)\n", "..", 0},
    {"n = Book.count()\nprint(n)\nprint(1)\n", "xx.", 0},
    {"print(n)\nn = Book.count()\n", "xx", 0},
    {"print(Book)\nprint(len([1]))\n", "x.", 0},
    {"a = load()\nb = 2\nprint(a)\nprint(b)\n", "x.x.", 1},
    {"print(f'{n}')\nn = Book.count()\n", "xx", 0},
    {"x.Book = 1\nprint(y)\n", "..", 0},
    {"# Book\nprint(1)  # Book\n", "..", 0},
    {"if Book.exists():\n    n = 1\nelse:\n    n = 2\nm = 3\nprint(n)\n", "xxxx.x", 0},
    {"try:\n    Book.get()\n    n = 1\nexcept Exception:\n    n = 2\nprint(n)\nm = 1\n", "xxxxxx.",
     0},
    {"def f():\n    return Book.count()\n\nprint(f())\nprint(g())\n", "xx.x.", 0},
    {"def f():\n    return 1\n\nprint(f())\n", "....", 0},
    {"class A:\n    def f(self):\n        return Book.count()\n\n    def g(self):\n        return "
     "1\n"
     "\nA().g()\n",
     "xxx.xx.x", 0},
    {"for i in range(3):\n    if Book.exists():\n        break\n    n = i\nprint(n)\n", "xxxxx", 0},
    {"with lock:\n    Book.count()\n    n = 1\nprint(n)\n", ".x..", 0},
    {"rows = load(\n    1,\n    2,\n)\nprint(rows)\nprint(1)\n", "xxxxx.", 3},
    {"text = '''\nBook\n'''\nprint(1)\n", "xxx.", 0},
    {"import library\nlibrary.f()\n", "..", 0},
    {"x = 'it''s'  # Book\ny = \"#\" + Book\nprint(x)\n", ".x.", 0},
    {"items.append(Book.get())\nprint(items)\n", "xx", 0},
};

START_TEST(what_a_fixture_decides_is_followed) {
  g_auto(World) world = world_new(reaches[_i].source);
  if (reaches[_i].event > 0)
    add_event(world.transcript, reaches[_i].event, 0);
  g_autoptr(FixtureData) data = fixture_data_new(world.snippet, world.transcript);
  for (guint line = 1; reaches[_i].reached[line - 1] != '\0'; line++)
    ck_assert_msg(fixture_data_reaches(data, line, line) == (reaches[_i].reached[line - 1] == 'x'),
                  "%s: line %u", reaches[_i].source, line);
}
END_TEST

START_TEST(an_event_reaches_both_its_lines) {
  g_auto(World) world = world_new("def f():\n    return load()\nx = 1\ny = f()\nprint(x, y)\n");
  add_event(world.transcript, 2, 4);
  g_autoptr(FixtureData) data = fixture_data_new(world.snippet, world.transcript);
  ck_assert(fixture_data_reaches(data, 4, 4));
  ck_assert(fixture_data_reaches(data, 5, 5));
}
END_TEST

START_TEST(a_name_of_python_that_the_snippet_binds_is_followed) {
  g_auto(World) world = world_new("list = Book.all()\nprint(list)\n");
  g_autoptr(FixtureData) without = fixture_data_new(world.snippet, world.transcript);
  ck_assert(!fixture_data_reaches(without, 2, 2));
  g_strfreev(world.transcript->names_bound);
  world.transcript->names_bound = g_strsplit("list", " ", -1);
  g_autoptr(FixtureData) with = fixture_data_new(world.snippet, world.transcript);
  ck_assert(fixture_data_reaches(with, 2, 2));
}
END_TEST

static void set_list(GStrv *list, const gchar *words) {
  g_strfreev(*list);
  *list = g_strsplit(words, " ", -1);
}

static void add_statement(Transcript *transcript, guint line, const gchar *kind,
                          const gchar *text) {
  add_event(transcript, line, line);
  Event *event = g_ptr_array_index(transcript->events, transcript->events->len - 1);
  g_free(event->kind);
  g_free(event->text);
  event->kind = g_strdup(kind);
  event->text = g_strdup(text);
}

START_TEST(a_tool_brings_no_data) {
  g_auto(World) world = world_new("class Order(models.Model):\n    pass\nOrder.objects.first()\n");
  set_list(&world.choice->names, "models");
  set_list(&world.fixture->provides, "Book models");
  g_autoptr(FixtureData) without = fixture_data_new(world.snippet, world.transcript);
  ck_assert(fixture_data_reaches(without, 3, 3));
  set_list(&world.fixture->tools, "models");
  g_autoptr(FixtureData) with = fixture_data_new(world.snippet, world.transcript);
  ck_assert(!fixture_data_reaches(with, 1, 3));
}
END_TEST

START_TEST(a_tool_leads_nowhere) {
  g_auto(World) world = world_new("from django import models\nBook.all(models)\nprint(models.x)\n");
  set_list(&world.fixture->tools, "models");
  set_list(&world.transcript->names_bound, "models");
  g_autoptr(FixtureData) imported = fixture_data_new(world.snippet, world.transcript);
  ck_assert(!fixture_data_reaches(imported, 3, 3));
  g_auto(World) other = world_new("models = 1\nBook.all(models)\nprint(models.x)\n");
  set_list(&other.fixture->tools, "models");
  set_list(&other.transcript->names_bound, "models");
  g_autoptr(FixtureData) bound = fixture_data_new(other.snippet, other.transcript);
  ck_assert(fixture_data_reaches(bound, 3, 3));
}
END_TEST

START_TEST(what_is_provided_but_did_not_choose_is_reached) {
  g_auto(World) world = world_new("print(book)\nprint(author)\nauthor = 1\n");
  set_list(&world.fixture->provides, "book author");
  set_list(&world.transcript->names_bound, "author");
  g_autoptr(FixtureData) data = fixture_data_new(world.snippet, world.transcript);
  ck_assert(fixture_data_reaches(data, 1, 1));
  ck_assert(!fixture_data_reaches(data, 2, 2));
}
END_TEST

/* What a statement on line 3 reaches, behind a class Order of the snippet's own and a row of it. */
static const struct {
  const gchar *kind, *text;
  gboolean is_reached;
} statements[] = {
    {"sql", "SELECT COUNT(*) FROM \"app_order\"", FALSE},
    {"sql", "SELECT COUNT(*) FROM `app_order`", FALSE},
    {"sql", "SELECT COUNT(*) FROM app_order", FALSE},
    {"sql", "UPDATE \"app_order\" SET \"name\" = 'FROM \"library_book\"'", FALSE},
    {"sql", "DELETE FROM \"app_order\" WHERE \"app_order\".\"id\" IN (1)", FALSE},
    {"sql", "SELECT 1 FROM \"app_order\" INNER JOIN \"library_book\" ON (1)", TRUE},
    {"sql", "SELECT 1 FROM (SELECT 2 FROM \"library_book\") x", TRUE},
    {"sql", "SELECT COUNT(*) FROM \"app_order_tags\"", TRUE}, /* its rows were not shown */
    {"sql", "INSERT INTO \"app_order_tags\" (\"a\") VALUES (1)", FALSE},
    {"sql", "INSERT INTO \"library_book\" (\"a\") VALUES (1)", TRUE},
    {"sql", "SELECT 1", TRUE},
    {"sql", "SELECT 'it''s' FROM \"app_order", FALSE},
    {"sql", "SELECT 1 FROM 'x", TRUE},
    {"transaction", "BEGIN", FALSE},
    {"request", "GET /", TRUE},
};

START_TEST(the_rows_of_the_snippet_are_its_own) {
  g_auto(World) world = world_new("class Order(Model): pass\norder = add()\nx = show()\nprint(x)");
  add_statement(world.transcript, 2, "sql", "INSERT INTO \"app_order\" (\"id\") VALUES (1)");
  add_statement(world.transcript, 3, statements[_i].kind, statements[_i].text);
  g_autoptr(FixtureData) data = fixture_data_new(world.snippet, world.transcript);
  ck_assert_msg(fixture_data_reaches(data, 4, 4) == statements[_i].is_reached, "%s",
                statements[_i].text);
  ck_assert(!fixture_data_reaches(data, 2, 2));
}
END_TEST

START_TEST(a_table_that_nothing_was_put_into_is_not_meant_to_be_empty) {
  g_auto(World) world = world_new("class Order(Model): pass\nx = show()\nprint(x)");
  add_statement(world.transcript, 2, "sql", "SELECT COUNT(*) FROM \"app_order\"");
  g_autoptr(FixtureData) data = fixture_data_new(world.snippet, world.transcript);
  ck_assert(fixture_data_reaches(data, 3, 3));
}
END_TEST

START_TEST(names_may_lead_far) {
  g_autoptr(GString) source = g_string_new(NULL);
  for (guint i = 300; i > 0; i--) /* each is found one round later */
    g_string_append_printf(source, "n%u = n%u\n", i, i - 1);
  g_string_append(source, "n0 = Book\n");
  g_auto(World) world = world_new(source->str);
  g_autoptr(FixtureData) data = fixture_data_new(world.snippet, world.transcript);
  ck_assert(fixture_data_reaches(data, 1, 1));
}
END_TEST

/* --- marks ------------------------------------------------------------------------ */

static Value *last_value(const World *world) {
  return g_ptr_array_index(world->transcript->values, world->transcript->values->len - 1);
}

static ClaimState mark_of(const World *world, const gchar *note) {
  g_autoptr(Verdict) verdict = judge_one(world->snippet, world->transcript);
  const ClaimResult *result = result_at(verdict, 0);
  if (note != NULL)
    ck_assert_pstr_eq(result->note, note);
  return result->state;
}

#define ROWS "decided by the rows of fixture 'library'"

static const struct {
  const gchar *expected;
  ClaimRule rule;
  const gchar *repr;
  ClaimState state;
  const gchar *note;
} values[] = {
    {"{'price__avg': 250}", CLAIM_VERB, "{'price__avg': 250.0}", CLAIM_HOLDS, "equal as values"},
    {"{'price__avg': 250}", CLAIM_VERB, "{'price__avg': 300.0}", CLAIM_NOT_CHECKABLE, ROWS},
    {"{'price__average': 250}", CLAIM_VERB, "{'price__avg': 300.0}", CLAIM_CONTRADICTED, NULL},
    {"{'price__avg': 250}", CLAIM_LITERAL, "{'price__avg': None}", CLAIM_NOT_CHECKABLE, ROWS},
};

START_TEST(a_value_of_rows_accuses_by_its_shape) {
  g_auto(World) world = world_new("Book.objects.aggregate(Avg('price'))\n");
  Claim *claim = add_claim(world.snippet, values[_i].rule, 1, values[_i].expected);
  claim->is_print = FALSE;
  claim->is_value = TRUE;
  add_value(world.transcript, 1, "dict", values[_i].repr);
  ck_assert_int_eq(mark_of(&world, values[_i].note), values[_i].state);
  /* Rows that the bank asked for are meant. */
  world.choice->is_configured = TRUE;
  ck_assert_int_eq(mark_of(&world, NULL),
                   values[_i].state == CLAIM_HOLDS ? CLAIM_HOLDS : CLAIM_CONTRADICTED);
}
END_TEST

START_TEST(what_the_fixture_has_no_part_in_is_marked_as_always) {
  g_auto(World) world = world_new("n = Book.objects.count()\nprint(1 + 1)\nprint(n)\n");
  add_claim(world.snippet, CLAIM_LITERAL, 2, "3");
  add_claim(world.snippet, CLAIM_LITERAL, 3, "3");
  add_print(world.transcript, 2, "2");
  add_print(world.transcript, 3, "2");
  g_autoptr(Verdict) verdict = judge_one(world.snippet, world.transcript);
  ck_assert_int_eq(result_at(verdict, 0)->state, CLAIM_CONTRADICTED);
  ck_assert_int_eq(result_at(verdict, 1)->state, CLAIM_NOT_CHECKABLE);
  ck_assert_str_eq(result_at(verdict, 1)->note, ROWS);
}
END_TEST

START_TEST(whether_rows_raise_is_not_accused) {
  g_auto(World) world = world_new("Book.objects.get(title='A')\nint('x')\n");
  add_claim(world.snippet, CLAIM_EXCEPTION, 1, "ValueError");
  add_claim(world.snippet, CLAIM_EXCEPTION, 2, "TypeError");
  add_raised(world.transcript, 2, "ValueError", NULL, "no", TRUE);
  world.transcript->is_ending = TRUE;
  g_autoptr(Verdict) verdict = judge_one(world.snippet, world.transcript);
  ck_assert_str_eq(result_at(verdict, 0)->note, ROWS);
  ck_assert_int_eq(result_at(verdict, 1)->state, CLAIM_CONTRADICTED);
}
END_TEST

/* An exception on line 2 that nobody claims, behind `print(1)`. */
static const struct {
  const gchar *code, *type, *base, *message;
  VerdictClass class;
} exceptions[] = {
    {"Book.get(pk=9)", "library.models.Book.DoesNotExist", "ObjectDoesNotExist", "", VERDICT_NEEDS},
    {"Book.filter(isbn=1)", "django.core.exceptions.FieldError", NULL, "no", VERDICT_NEEDS},
    {"Book.create(pk=1)", "django.db.utils.IntegrityError", NULL, "no", VERDICT_NEEDS},
    {"Book.all()[0]", "IndexError", "LookupError", "list index out of range", VERDICT_NEEDS},
    {"Book.first().title", "AttributeError", NULL, "'NoneType' object has no attribute 'title'",
     VERDICT_NEEDS},
    {"Book.get().isbn", "AttributeError", NULL, "'Book' object has no attribute 'isbn'",
     VERDICT_NEEDS},
    {"Book(isbn=1)", "TypeError", NULL, "Book() got an unexpected keyword argument 'isbn'",
     VERDICT_NEEDS},
    {"assert Book.count() == 3", "AssertionError", NULL, "", VERDICT_NEEDS},
    {"Book.all()[:2].update()", "AssertionError", NULL, "Cannot update a slice", VERDICT_RAISED},
    {"Book.nosuch()", "AttributeError", NULL, "'Manager' object has no attribute 'nosuch'",
     VERDICT_RAISED},
    {"1 / Book.count()", "ZeroDivisionError", NULL, "division by zero", VERDICT_RAISED},
    {"[][0]", "IndexError", "LookupError", "list index out of range", VERDICT_RAISED},
    {"Order.get()", "app.Order.DoesNotExist", "ObjectDoesNotExist", "", VERDICT_RAISED},
};

START_TEST(rows_explain_an_exception) {
  g_autofree gchar *source = g_strconcat("print(1)\n", exceptions[_i].code, "\n", NULL);
  g_auto(World) world = world_new(source);
  set_list(&world.fixture->provides, "Book");
  add_raised(world.transcript, 2, exceptions[_i].type, exceptions[_i].base, exceptions[_i].message,
             FALSE);
  g_autoptr(Verdict) verdict = judge_one(world.snippet, world.transcript);
  ck_assert_msg(verdict->class == exceptions[_i].class, "%s: %s", exceptions[_i].code,
                verdict_class_name(verdict->class));
  if (_i == 0)
    ck_assert_str_eq(verdict->reason, "the author's own rows or models: DoesNotExist with those of "
                                      "fixture 'library'");
  world.choice->is_configured = TRUE;
  g_autoptr(Verdict) configured = judge_one(world.snippet, world.transcript);
  ck_assert_int_eq(configured->class, VERDICT_RAISED);
}
END_TEST

START_TEST(a_promise_confirms_no_claim_that_rows_decide) {
  g_auto(World) world = world_new("class Order(Model): pass\nBook.objects.count()\n");
  add_checked(world.transcript, CHECKED_AFTER, CHECKED_HOLDS, 1, "on_delete", "deleted");
  g_autoptr(Verdict) alone = judge_one(world.snippet, world.transcript);
  ck_assert_int_eq(alone->class, VERDICT_VERIFIED);
  Claim *claim = add_claim(world.snippet, CLAIM_LITERAL, 2, "3");
  claim->is_print = FALSE;
  claim->is_value = TRUE;
  add_value(world.transcript, 2, "int", "2");
  g_autoptr(Verdict) pardoned = judge_one(world.snippet, world.transcript);
  ck_assert_int_eq(pardoned->class, VERDICT_RAN);
}
END_TEST

START_TEST(the_same_call_twice_is_not_decided_by_rows) {
  g_auto(World) world =
      world_new("Book.get(pk=1) is Book.get(pk=1)\ndef all(): pass\nbooks = Book\n"
                "books.every() is books\nbooks.all() is books\n");
  static const guint lines[] = {1, 4, 5};
  for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
    Claim *claim = add_claim(world.snippet, CLAIM_TRUTH, lines[i], "True");
    claim->is_print = FALSE;
    claim->is_value = TRUE;
    add_value(world.transcript, lines[i], "bool", "False");
  }
  g_autoptr(Verdict) verdict = judge_one(world.snippet, world.transcript);
  ck_assert_int_eq(result_at(verdict, 0)->state, CLAIM_CONTRADICTED);
  ck_assert_int_eq(result_at(verdict, 1)->state, CLAIM_CONTRADICTED);
  ck_assert_int_eq(result_at(verdict, 2)->state, CLAIM_NOT_CHECKABLE);
}
END_TEST

START_TEST(all_that_it_writes_is_decided_by_rows) {
  g_auto(World) world = world_new("print(Book.objects.count())\nprint('a')\n");
  add_claim(world.snippet, CLAIM_OUTPUT, 4, "3\na");
  add_print(world.transcript, 1, "2");
  add_print(world.transcript, 2, "a");
  ck_assert_int_eq(mark_of(&world, ROWS), CLAIM_NOT_CHECKABLE);
}
END_TEST

/* A queryset, as Python shows it and as a reader writes it. */
#define REPR "<QuerySet [{'title': 'A', 'author': 1}]>"
#define SHOWN "[{'title': 'A', 'author': 1}]"

static const struct {
  const gchar *expected;
  ClaimState state, configured;
} queries[] = {
    {SHOWN, CLAIM_HOLDS, CLAIM_HOLDS},
    {REPR, CLAIM_HOLDS, CLAIM_HOLDS},
    {"[{'author': 1, \"title\": 'A'}]", CLAIM_HOLDS, CLAIM_HOLDS},
    {"[{'title': 'B', 'author': 2}]", CLAIM_NOT_CHECKABLE, CLAIM_CONTRADICTED},
    {"[{'title': 'A', 'author': 1}, {'title': 'B', 'author': 2}]", CLAIM_NOT_CHECKABLE,
     CLAIM_CONTRADICTED},
    {"[{'title': 'A', 'writer': 1}]", CLAIM_CONTRADICTED, CLAIM_CONTRADICTED},
    {"[('A', 1)]", CLAIM_CONTRADICTED, CLAIM_CONTRADICTED},
    {"['A', ...]", CLAIM_NOT_CHECKABLE, CLAIM_NOT_CHECKABLE},
    {"the titles", CLAIM_NOT_CHECKABLE, CLAIM_NOT_CHECKABLE},
};

START_TEST(a_value_is_compared_as_it_is_shown) {
  g_auto(World) world = world_new("Book.objects.values('title', 'author')\n");
  Claim *claim = add_claim(world.snippet, CLAIM_LITERAL, 1, queries[_i].expected);
  claim->is_print = FALSE;
  claim->is_value = TRUE;
  add_value(world.transcript, 1, "QuerySet", REPR);
  last_value(&world)->shown = g_strdup(SHOWN);
  ck_assert_int_eq(mark_of(&world, NULL), queries[_i].state);
  world.choice->is_configured = TRUE;
  ck_assert_int_eq(mark_of(&world, NULL), queries[_i].configured);
}
END_TEST

START_TEST(a_variable_is_compared_as_it_is_shown) {
  g_auto(World) world = world_new("rows = Book.objects.values('title', 'author')\n");
  Claim *claim =
      claim_new(CLAIM_LITERAL, CLAIM_OF_NAMES, 1, queries[_i].expected, queries[_i].expected);
  claim->first_line = claim->last_line = 1;
  claim->names = g_strdup("rows");
  g_ptr_array_add(world.snippet->claims, claim);
  add_named(world.transcript, 1, "rows", "QuerySet", REPR);
  last_value(&world)->shown = g_strdup(SHOWN);
  ck_assert_int_eq(mark_of(&world, NULL), queries[_i].state);
  world.choice->is_configured = TRUE;
  ck_assert_int_eq(mark_of(&world, NULL), queries[_i].configured);
}
END_TEST

START_TEST(a_session_is_compared_as_it_is_shown) {
  g_auto(World) world = world_new(">>> Book.objects.values('title')\n[{'title': 'A'}]\n");
  Claim *claim = add_claim(world.snippet, CLAIM_TRANSCRIPT, 1, "[{'title': 'A'}]");
  claim->is_value = TRUE;
  world.snippet->kind = SNIPPET_TRANSCRIPT;
  add_print(world.transcript, 1, "<QuerySet [{'title': 'A'}]>");
  add_value(world.transcript, 1, "QuerySet", "<QuerySet [{'title': 'A'}]>");
  last_value(&world)->shown = g_strdup("[{'title': 'A'}]");
  ck_assert_int_eq(mark_of(&world, NULL), CLAIM_HOLDS);
  g_free(last_value(&world)->shown);
  last_value(&world)->shown = g_strdup("[{'title': 'B'}]");
  ck_assert_int_eq(mark_of(&world, NULL), CLAIM_NOT_CHECKABLE);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("fixture_data");
  TCase *tests = tcase_create("fixture_data");
  tcase_add_loop_test(tests, a_shape_is_compared, 0, G_N_ELEMENTS(shapes));
  tcase_add_test(tests, a_shape_is_only_so_deep);
  tcase_add_loop_test(tests, what_a_fixture_decides_is_followed, 0, G_N_ELEMENTS(reaches));
  tcase_add_test(tests, an_event_reaches_both_its_lines);
  tcase_add_test(tests, a_name_of_python_that_the_snippet_binds_is_followed);
  tcase_add_loop_test(tests, what_is_compared_may_be_the_same_twice, 0, G_N_ELEMENTS(sides));
  tcase_add_test(tests, a_tool_brings_no_data);
  tcase_add_test(tests, a_tool_leads_nowhere);
  tcase_add_test(tests, what_is_provided_but_did_not_choose_is_reached);
  tcase_add_loop_test(tests, the_rows_of_the_snippet_are_its_own, 0, G_N_ELEMENTS(statements));
  tcase_add_test(tests, a_table_that_nothing_was_put_into_is_not_meant_to_be_empty);
  tcase_add_loop_test(tests, rows_explain_an_exception, 0, G_N_ELEMENTS(exceptions));
  tcase_add_test(tests, a_promise_confirms_no_claim_that_rows_decide);
  tcase_add_test(tests, the_same_call_twice_is_not_decided_by_rows);
  tcase_add_test(tests, names_may_lead_far);
  tcase_add_loop_test(tests, a_value_of_rows_accuses_by_its_shape, 0, G_N_ELEMENTS(values));
  tcase_add_test(tests, what_the_fixture_has_no_part_in_is_marked_as_always);
  tcase_add_test(tests, whether_rows_raise_is_not_accused);
  tcase_add_test(tests, all_that_it_writes_is_decided_by_rows);
  tcase_add_loop_test(tests, a_value_is_compared_as_it_is_shown, 0, G_N_ELEMENTS(queries));
  tcase_add_loop_test(tests, a_variable_is_compared_as_it_is_shown, 0, G_N_ELEMENTS(queries));
  tcase_add_test(tests, a_session_is_compared_as_it_is_shown);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
