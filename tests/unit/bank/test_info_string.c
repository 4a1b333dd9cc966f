/* The words after a fence. */
#include "bank/info_string.h"
#include "bank_suite.h"

static void check_all(InfoKind kind, const gchar *const *infos) {
  for (; *infos != NULL; infos++)
    ck_assert_msg(info_string_kind(*infos) == kind, "'%s' is %d", *infos, info_string_kind(*infos));
}

START_TEST(python_in_all_its_forms) {
  const gchar *const infos[] = {
      "py",
      "python",
      "python3",
      "python3.11",
      "py3",
      "Python",
      "PYTHON",
      " python",
      "python   ",
      "{.python .numberLines}",
      "{ .python }",
      "{#first .python}",
      "{python}",
      "{python, echo=FALSE}",
      "{code-cell} python",
      "{code-block} python3",
      "python title=\"a.py\"",
      "python:path -s 1",
      "python{1,3}",
      "python,ignore",
      "py hl_lines=\"2\"",
      ".python",
      "python-3",
      "python2",
      NULL,
  };
  check_all(INFO_PYTHON, infos);
}
END_TEST

START_TEST(sessions) {
  const gchar *const infos[] = {"pycon",    "python-repl", "python-console", "doctest",
                                "{.pycon}", "PyCon",       "ipython",        NULL};
  check_all(INFO_SESSION, infos);
}
END_TEST

START_TEST(no_language) {
  const gchar *const infos[] = {"", "  ", "text", "output", "console", "plain", "TXT", NULL};
  check_all(INFO_PLAIN, infos);
  ck_assert_int_eq(info_string_kind(NULL), INFO_PLAIN);
}
END_TEST

START_TEST(other_languages) {
  const gchar *const infos[] = {
      "bash", "json", "pytest", "pyproject", "pythonic", "javascript", "markdown",   "{.bash}",
      "{",    "{}",   "jython", "c++",       "{=html}",  "sh python",  "\"python\"", NULL};
  check_all(INFO_OTHER, infos);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {python_in_all_its_forms, sessions, no_language, other_languages,
                                NULL};
  return run_case("info_string", tests);
}
