/* Values that a fixture's rows decide: what is confirmed, and what is still accused. */
#include <stdlib.h>

#include "judge/fixture_data.h"
#include "judge/literal_shape.h"
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
    {"['A', 'B']", "[('A',), ('B',)]", "values_list('title')", FALSE}, /* a tuple may be a value */
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
