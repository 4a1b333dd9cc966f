/* Statements and comments, found from the tokens alone. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "bank/statements.h"

static const Statement *statement(const Statements *statements, guint index) {
  ck_assert_uint_lt(index, statements->statements->len);
  return &g_array_index(statements->statements, Statement, index);
}

static const Comment *comment(const Statements *statements, guint index) {
  ck_assert_uint_lt(index, statements->comments->len);
  return &g_array_index(statements->comments, Comment, index);
}

static const struct {
  const gchar *source;
  StatementKind kind;
} kinds[] = {
    {"print(1)\n", STATEMENT_PRINT},
    {"print(1, sep='')  # one\n", STATEMENT_PRINT},
    {"print(\n    1,  # inside\n)\n", STATEMENT_PRINT},
    {"print\n", STATEMENT_EXPRESSION},
    {"print(1) or 2\n", STATEMENT_EXPRESSION},
    {"print(1)(2)\n", STATEMENT_EXPRESSION},
    {"x\n", STATEMENT_EXPRESSION},
    {"x == 1\n", STATEMENT_EXPRESSION},
    {"x <= 1\n", STATEMENT_EXPRESSION},
    {"f(a=1)\n", STATEMENT_EXPRESSION},
    {"(y := 2)\n", STATEMENT_EXPRESSION},
    {"not x\n", STATEMENT_EXPRESSION},
    {"lambda x: x\n", STATEMENT_EXPRESSION},
    {"await f()\n", STATEMENT_EXPRESSION},
    {"'words'\n", STATEMENT_EXPRESSION},
    {"x[1:2]\n", STATEMENT_EXPRESSION},
    {"x = 1\n", STATEMENT_ASSIGNMENT},
    {"x += 1\n", STATEMENT_ASSIGNMENT},
    {"x **= 2\n", STATEMENT_ASSIGNMENT},
    {"x <<= 2\n", STATEMENT_ASSIGNMENT},
    {"x: int\n", STATEMENT_ASSIGNMENT},
    {"x = print(1)\n", STATEMENT_ASSIGNMENT},
    {"f = lambda: 1\n", STATEMENT_ASSIGNMENT},
    {"import a\n", STATEMENT_IMPORT},
    {"from a import b\n", STATEMENT_IMPORT},
    {"raise X\n", STATEMENT_RAISE},
    {"@cached\n", STATEMENT_DECORATOR},
    {"def f():\n", STATEMENT_DEF},
    {"async def f():\n", STATEMENT_DEF},
    {"class A:\n", STATEMENT_CLASS},
    {"for x in y:\n", STATEMENT_BLOCK},
    {"async for x in y:\n", STATEMENT_BLOCK},
    {"if x[a:b] == {1: 2}:\n", STATEMENT_BLOCK},
    {"match x:\n", STATEMENT_BLOCK},
    {"match = 3\n", STATEMENT_ASSIGNMENT},
    {"return 1\n", STATEMENT_OTHER},
    {"del x\n", STATEMENT_OTHER},
    {"pass\n", STATEMENT_OTHER},
    {"x = 1; print(x)\n", STATEMENT_PRINT},
    {"if x: print(x)\n", STATEMENT_PRINT},
    {"for i in x: print(i)\n", STATEMENT_PRINT},
    {"print(x);\n", STATEMENT_OTHER},
};

START_TEST(a_statement_has_its_kind) {
  const gchar *source = kinds[_i].source;
  g_autoptr(Statements) statements = statements_read(source, strlen(source));
  ck_assert_uint_eq(statements->statements->len, 1);
  ck_assert_msg(statement(statements, 0)->kind == kinds[_i].kind, "%s is of kind %d", source,
                statement(statements, 0)->kind);
}
END_TEST

START_TEST(lines_of_statements_and_blocks_are_exact) {
  const gchar *source = "for x in y:\n" /* 1 */
                        "    f(\n"      /* 2 */
                        "        x)\n"  /* 3 */
                        "\n"            /* 4 */
                        "    g('''a\n"  /* 5 */
                        "b''')\n"       /* 6 */
                        "# out\n"       /* 7 */
                        "h()\n";        /* 8 */
  g_autoptr(Statements) statements = statements_read(source, strlen(source));
  ck_assert_uint_eq(statements->statements->len, 4);
  ck_assert(statement(statements, 0)->is_header);
  ck_assert_uint_eq(statement(statements, 0)->last_line, 1);
  ck_assert_uint_eq(statement(statements, 0)->block_last, 6);
  ck_assert_uint_eq(statement(statements, 1)->first_line, 2);
  ck_assert_uint_eq(statement(statements, 1)->last_line, 3);
  ck_assert_int_eq(statement(statements, 1)->parent, 0);
  ck_assert_uint_eq(statement(statements, 1)->place, PLACE_LOOP);
  ck_assert_uint_eq(statement(statements, 2)->last_line, 6);
  ck_assert_int_eq(statement(statements, 3)->parent, -1);
  ck_assert_uint_eq(statement(statements, 3)->place, 0);
}
END_TEST

START_TEST(places_add_up) {
  const gchar *source = "class A:\n"
                        "    def f(self):\n"
                        "        try:\n"
                        "            if x:\n"
                        "                y()\n"
                        "z()\n";
  g_autoptr(Statements) statements = statements_read(source, strlen(source));
  ck_assert_uint_eq(statement(statements, 4)->place,
                    PLACE_CLASS | PLACE_FUNCTION | PLACE_TRY | PLACE_CONDITION);
  ck_assert_uint_eq(statement(statements, 5)->place, 0);
  ck_assert_uint_eq(statement(statements, 0)->block_last, 5);
}
END_TEST

START_TEST(comments_know_where_they_stand) {
  const gchar *source = "# above\n"         /* own, before any statement */
                        "x = [  # inside\n" /* inside */
                        "    1,\n"
                        "]  # trailing\n"
                        "    # own\n"
                        "y = '# none'\n";
  g_autoptr(Statements) statements = statements_read(source, strlen(source));
  ck_assert_uint_eq(statements->comments->len, 4);
  ck_assert_int_eq(comment(statements, 0)->place, COMMENT_OWN);
  ck_assert_int_eq(comment(statements, 0)->statement, -1);
  ck_assert_int_eq(comment(statements, 1)->place, COMMENT_INSIDE);
  ck_assert_int_eq(comment(statements, 1)->statement, 0);
  ck_assert_int_eq(comment(statements, 2)->place, COMMENT_TRAILING);
  ck_assert_uint_eq(comment(statements, 2)->line, 4);
  ck_assert_int_eq(statement(statements, 0)->comment, 2);
  ck_assert_int_eq(comment(statements, 3)->place, COMMENT_OWN);
  ck_assert_int_eq(comment(statements, 3)->statement, 0);
  ck_assert_int_eq(statement(statements, 1)->comment, -1);
}
END_TEST

START_TEST(broken_code_is_read_to_its_end) {
  const gchar *source = "def f(:\n  print('open\n)))\nif $ ?:\n\"\"\"never closed\n# no comment\n";
  g_autoptr(Statements) statements = statements_read(source, strlen(source));
  ck_assert_uint_gt(statements->statements->len, 0);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("statements");
  TCase *tests = tcase_create("statements");
  tcase_add_loop_test(tests, a_statement_has_its_kind, 0, G_N_ELEMENTS(kinds));
  tcase_add_test(tests, lines_of_statements_and_blocks_are_exact);
  tcase_add_test(tests, places_add_up);
  tcase_add_test(tests, comments_know_where_they_stand);
  tcase_add_test(tests, broken_code_is_read_to_its_end);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
