/* Claims of outcomes, of commented-out code, of variables and of times. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "bank/claims.h"
#include "model/snippet.h"

static Snippet *script(const gchar *source) {
  Snippet *snippet = snippet_new(NULL, NULL, SNIPPET_SCRIPT, source, 10);
  claims_read_snippet(snippet);
  return snippet;
}

static const Claim *only_claim(const Snippet *snippet, const gchar *source) {
  ck_assert_msg(snippet->claims->len == 1, "%u claims in %s", snippet->claims->len, source);
  return g_ptr_array_index(snippet->claims, 0);
}

static void check_none(const gchar *source) {
  g_autoptr(Snippet) snippet = script(source);
  ck_assert_msg(snippet->claims->len == 0, "a claim in %s: %s", source,
                snippet->claims->len > 0
                    ? ((const Claim *)g_ptr_array_index(snippet->claims, 0))->expected
                    : "");
}

/* --- hangs, works, fails ------------------------------------------------------ */

static const struct {
  const gchar *source;
  ClaimRule rule;
  guint first_line, last_line;
  gboolean may_accuse;
} outcomes[] = {
    {"lock.acquire()  # hangs\n", CLAIM_HANG, 1, 1, TRUE},
    {"lock.acquire()  # This will hang forever\n", CLAIM_HANG, 1, 1, TRUE},
    {"lock.acquire()  # DEADLOCK!\n", CLAIM_HANG, 1, 1, TRUE},
    {"lock.acquire()  # deadlocks here\n", CLAIM_HANG, 1, 1, TRUE},
    {"t.join()  # never returns\n", CLAIM_HANG, 1, 1, FALSE},
    {"q.get()  # blocks forever: nothing puts\n", CLAIM_HANG, 1, 1, FALSE},
    {"q.get()  # waits forever\n", CLAIM_HANG, 1, 1, TRUE},
    {"lock.acquire()\n# This causes a deadlock\nlock.acquire()\n", CLAIM_HANG, 3, 3, TRUE},
    {"lock.acquire()\n# Deadlock!\n", CLAIM_HANG, 1, 1, TRUE},
    {"# It hangs forever\nwith lock:\n    f()\n    g()\n", CLAIM_HANG, 2, 4, TRUE},
    {"def f():\n    a()\n    # deadlocks here\n    b()\n", CLAIM_HANG, 4, 4, TRUE},
    {"with lock:  # hangs\n    f()\n", CLAIM_HANG, 1, 2, TRUE},
    {"t.join()  # may deadlock\n", CLAIM_HANG, 1, 1, FALSE},
    {"t.join()  # can cause a deadlock\n", CLAIM_HANG, 1, 1, FALSE},
    {"t.join()  # hangs if nobody sets it\n", CLAIM_HANG, 1, 1, FALSE},
    {"q.get()  # blocks\n", CLAIM_HANG, 1, 1, FALSE},
    {"while True:  # infinite loop\n    f()\n", CLAIM_HANG, 1, 2, FALSE},
    {"# Deadlock\nlock.acquire()\n", CLAIM_HANG, 2, 2, FALSE},
    {"# Deadlock example\nlock.acquire()\n", CLAIM_HANG, 2, 2, FALSE},
    {"# This hangs\n# and nothing helps\nlock.acquire()\n", CLAIM_HANG, 3, 3, FALSE},
    {"# This deadlocks\ndef f():\n    lock.acquire()\n", CLAIM_HANG, 2, 3, FALSE},
    {"users.append(1)  # Works fine\n", CLAIM_WORKS, 1, 1, TRUE},
    {"users.append(1)  # works\n", CLAIM_WORKS, 1, 1, TRUE},
    {"users.append(1)  # Also works, because lists grow\n", CLAIM_WORKS, 1, 1, FALSE},
    {"users.append(1)  # works as expected\n", CLAIM_WORKS, 1, 1, TRUE},
    {"users.append(1)  # OK\n", CLAIM_WORKS, 1, 1, TRUE},
    {"users.append(1)  # This is fine\n", CLAIM_WORKS, 1, 1, TRUE},
    {"users.append(1)  # no error\n", CLAIM_WORKS, 1, 1, TRUE},
    {"d.get(1)  # no KeyError here\n", CLAIM_WORKS, 1, 1, FALSE},
    {"users.append(1)  # No exception is raised\n", CLAIM_WORKS, 1, 1, TRUE},
    {"users.append(1)  # does not raise\n", CLAIM_WORKS, 1, 1, TRUE},
    {"x = 3  # valid\n", CLAIM_WORKS, 1, 1, TRUE},
    {"# This works fine with both\nf()\n", CLAIM_WORKS, 2, 2, TRUE},
    {"# OK\nf()\ng()\n", CLAIM_WORKS, 2, 2, TRUE},
    {"# Works\nfor a in b:\n    f(a)\n", CLAIM_WORKS, 2, 3, TRUE},
    {"users.append(1)  # should work\n", CLAIM_WORKS, 1, 1, FALSE},
    {"users.append(1)  # works if it is a list\n", CLAIM_WORKS, 1, 1, FALSE},
    {"# Works\nt[0] = 1  # TypeError\n", CLAIM_WORKS, 2, 2, FALSE},
    {"t[0] = 1  # doesn't work\n", CLAIM_EXCEPTION, 1, 1, FALSE},
    {"t[0] = 1  # won't work!\n", CLAIM_EXCEPTION, 1, 1, FALSE},
    {"t[0] = 1  # no longer works\n", CLAIM_EXCEPTION, 1, 1, FALSE},
    {"t[0] = 1  # error\n", CLAIM_EXCEPTION, 1, 1, FALSE},
    {"t[0] = 1  # Error!\n", CLAIM_EXCEPTION, 1, 1, FALSE},
    {"t[0] = 1  # this fails\n", CLAIM_EXCEPTION, 1, 1, FALSE},
    {"t[0] = 1  # not allowed\n", CLAIM_EXCEPTION, 1, 1, FALSE},
    {"t[0] = 1  # illegal\n", CLAIM_EXCEPTION, 1, 1, FALSE},
    {"t[0] = 1  # raises an error\n", CLAIM_EXCEPTION, 1, 1, FALSE},
    {"f()\n# This raises a TypeError\nt[0] = 1\n", CLAIM_EXCEPTION, 3, 3, FALSE},
    {"f()\n# Invalid\ng()\n", CLAIM_EXCEPTION, 3, 3, FALSE},
    {"t = Thread(target=f)\nt.join()  # hangs\n", CLAIM_HANG, 2, 2, FALSE},
    {"# This fails\nt[0] = 1\n", CLAIM_EXCEPTION, 2, 2, FALSE},
};

START_TEST(an_outcome_is_read) {
  g_autoptr(Snippet) snippet = script(outcomes[_i].source);
  ck_assert_msg(snippet->claims->len > 0, "nothing in %s", outcomes[_i].source);
  const Claim *claim = g_ptr_array_index(snippet->claims, 0);
  ck_assert_msg(claim->rule == outcomes[_i].rule, "%s by %s", outcomes[_i].source,
                claim_rule_name(claim->rule));
  ck_assert_int_eq(claim->target, claim->rule == CLAIM_HANG    ? CLAIM_OF_HANG
                                  : claim->rule == CLAIM_WORKS ? CLAIM_OF_PASSING
                                                               : CLAIM_OF_EXCEPTION);
  ck_assert_msg(claim->first_line == outcomes[_i].first_line &&
                    claim->last_line == outcomes[_i].last_line,
                "%s: lines %u to %u", outcomes[_i].source, claim->first_line, claim->last_line);
  ck_assert_msg((claim->cautious == NULL) == outcomes[_i].may_accuse, "%s: %s", outcomes[_i].source,
                claim->cautious);
}
END_TEST

static const gchar *const no_outcomes[] = {
    "with lock:\n    f()  # avoids a deadlock\n",
    "f()  # no deadlock\n",
    "f()  # deadlock avoided\n",
    "f()  # prevents deadlocks\n",
    "f()  # to avoid deadlock\n",
    "f()  # never hangs\n",
    "f()  # blocks until a value comes\n",
    "f()  # non-blocking\n",
    "f()  # deadlock-free\n",
    "# How it works\nf()\n",
    "# Works like a list\nf()\n",
    "# This works by counting\ndef f():\n    pass\n",
    "# works\ndef f():\n    pass\n",
    "f()  # works with any list\n",
    "f()  # valid email\n",
    "f()  # allowed values\n",
    "f()  # fine grained\n",
    "f()  # error handling\n",
    "print('OK')  # the OK sign\n",
    "for x in y:  # OK\n    f()\n",
    "f()  # handles the error\n",
    "f()  # no output\n",
};

START_TEST(these_words_are_no_outcome) {
  check_none(no_outcomes[_i]);
}
END_TEST

START_TEST(what_is_printed_is_no_outcome) {
  static const gchar *const sources[] = {"print('OK')  # OK\n",
                                         "print('Works fine')\n# Works fine\n",
                                         "print('a', 'Error!')  # Error!\n"};
  for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
    g_autoptr(Snippet) snippet = script(sources[i]);
    ck_assert_int_eq(only_claim(snippet, sources[i])->rule, CLAIM_TEXT);
  }
}
END_TEST

START_TEST(a_traceback_may_follow_words) {
  g_autoptr(Snippet) snippet = script("f()\n"
                                      "# It goes wrong\n"
                                      "# Traceback (most recent call last):\n"
                                      "#   File \"a\", line 1\n"
                                      "# OSError: gone\n"
                                      "g()\n"
                                      "# Traceback (most recent call last):\n"
                                      "#   File \"a\", line 1\n"
                                      "# TypeError: no\n");
  const Claim *last = g_ptr_array_index(snippet->claims, snippet->claims->len - 1);
  ck_assert_str_eq(last->expected, "TypeError");
  ck_assert_uint_eq(last->first_line, 6);
}
END_TEST

/* --- commented-out code ------------------------------------------------------- */

static const struct {
  const gchar *source, *code, *expected;
  guint line, code_line;
  gboolean may_accuse;
} commented[] = {
    {"c = iter([])\n# next(c)  # Would raise StopIteration\n", "next(c)", "StopIteration", 2, 2,
     TRUE},
    {"t = ()\n#t[0] = 1     # TypeError: no\n", "t[0] = 1", "TypeError", 2, 2, TRUE},
    {"t = ()\n# print(u)  # NameError\n", "print(u)", "NameError", 2, 2, TRUE},
    {"t = ()\n# t.append(1)\n# AttributeError: no append\n", "t.append(1)", "AttributeError", 3, 2,
     TRUE},
    {"t = ()\n# >>> t[0]  # IndexError\n", "t[0]", "IndexError", 2, 2, TRUE},
    {"def f(a, b):\n    return a + b\n# print(f(1, 2))  # 3\n", "print(f(1, 2))", "3", 3, 3, TRUE},
    {"def f(a, b):\n    return a + b\n# f(1, 2)  # 3\n", "f(1, 2)", "3", 3, 3, TRUE},
    {"t = ()\n# t.index(1)  # works\n", "t.index(1)", "works", 2, 2, TRUE},
    {"def f(t):\n    # t[0] = 1  # TypeError\n    return t\n", "t[0] = 1", "TypeError", 2, 2, TRUE},
    {"t = 1\n# 'a' + t  # TypeError\n", "'a' + t", "TypeError", 2, 2, TRUE},
    {"t = 1\n# del t[0]  # TypeError\n", "del t[0]", "TypeError", 2, 2, TRUE},
    {"t = 1\n# t.x  # AttributeError if uncommented\n", "t.x", "AttributeError", 2, 2, TRUE},
    {"t = 1\n# t.x  # may raise AttributeError\n", "t.x", "AttributeError", 2, 2, FALSE},
    {"t = 1\n\n# This would raise a TypeError:\n# t[0] = 1\n", "t[0] = 1", "TypeError", 3, 4,
     FALSE},
    {"def f(t):\n    # t = t[0]  # TypeError\n    return t\n", "t = t[0]", "TypeError", 2, 2,
     FALSE},
    {"if t:\n    f()\n    # f(t)  # TypeError\n    f()\n", "f(t)", "TypeError", 3, 3, FALSE},
    {"t = 1\n# u.x  # AttributeError\n", "u.x", "AttributeError", 2, 2, FALSE},
    {"t = 1\n# t = []\n# t.x  # AttributeError\n", "t.x", "AttributeError", 3, 3, FALSE},
    {"import random\nt = 1\n# print(t)  # 1\n", "print(t)", "1", 3, 3, FALSE},
};

START_TEST(commented_out_code_is_claimed) {
  g_autoptr(Snippet) snippet = script(commented[_i].source);
  const Claim *claim = only_claim(snippet, commented[_i].source);
  ck_assert_ptr_nonnull(claim->code);
  ck_assert_str_eq(claim->code, commented[_i].code);
  ck_assert_str_eq(claim->expected, commented[_i].expected);
  ck_assert_uint_eq(claim->line, commented[_i].line);
  ck_assert_uint_eq(claim->code_line, commented[_i].code_line);
  ck_assert_uint_eq(claim->first_line, commented[_i].code_line);
  ck_assert_uint_eq(claim->last_line, commented[_i].code_line);
  ck_assert_msg((claim->cautious == NULL) == commented[_i].may_accuse, "%s: %s",
                commented[_i].source, claim->cautious);
}
END_TEST

static const gchar *const not_commented[] = {
    "t = ()\n# t.append(1)\n",
    "t = ()\n# number of items  # TypeError\n",
    "t = ()\n# items # TypeError\n",
    "t = ()\n# f(...)  # TypeError\n",
    "t = ()\n# t.append(  # TypeError\n",
    "t = ()\n# see below (or not)  # TypeError\n",
    "t = ()\n# with t:\n#     t.x  # AttributeError\n",
    "t = ()\n# note: the end  # TypeError\n",
    "t = ()\n# return t[0]  # IndexError\n",
    "t = ()\n# x = 3  # three\n",
};

START_TEST(this_is_no_commented_out_claim) {
  check_none(not_commented[_i]);
}
END_TEST

/* --- variables ---------------------------------------------------------------- */

static const struct {
  const gchar *source, *names, *expected;
  ClaimRule rule;
  guint first_line;
  gboolean may_accuse;
} named[] = {
    {"x = f()  # 3\n", "x", "3", CLAIM_LITERAL, 1, FALSE},
    {"x = f()  # Result: [1]\n", "x", "[1]", CLAIM_LABEL, 1, TRUE},
    {"x = f()  # returns [1]\n", "x", "[1]", CLAIM_VERB, 1, TRUE},
    {"x = f()  # True\n", "x", "True", CLAIM_TRUTH, 1, TRUE},
    {"x = f()  # 'd' (the last)\n", "x", "'d'", CLAIM_PROSE, 1, TRUE},
    {"x: int = f()  # 3\n", "x", "3", CLAIM_LITERAL, 1, FALSE},
    {"x = f()  # 30\n", "x", "30", CLAIM_LITERAL, 1, TRUE},
    {"x += 1  # 6\n", "x", "6", CLAIM_LITERAL, 1, FALSE},
    {"a, *b = f()  # (1, [2])\n", "a, b", "(1, [2])", CLAIM_LITERAL, 1, TRUE},
    {"a, b = b, a  # 2 1\n", "a, b", "2, 1", CLAIM_PROSE, 1, TRUE},
    {"x = f()\n# [1, 2]\n", "x", "[1, 2]", CLAIM_LITERAL, 1, TRUE},
    {"d['a'] = 1  # {'a': 1}\n", "d", "{'a': 1}", CLAIM_LITERAL, 1, TRUE},
    {"d['a'] = f()  # {'a': 1}\n", "d", "{'a': 1}", CLAIM_LITERAL, 1, FALSE},
    {"items.append(3)  # [1, 2, 3]\n", "items", "[1, 2, 3]", CLAIM_LITERAL, 1, TRUE},
    {"import heapq\nheapq.heapify(h)  # [1, 2]\n", "h", "[1, 2]", CLAIM_LITERAL, 2, TRUE},
    {"del a[0]  # [2]\n", "a", "[2]", CLAIM_LITERAL, 1, TRUE},
    {"x = 10  # 1010\n", "x", "1010", CLAIM_LITERAL, 1, FALSE},
    {"x = type(y)  # int\n", "x", "int", CLAIM_TEXT, 1, TRUE},
    {"x = f()  # ~3.14\n", "x", "~3.14", CLAIM_LITERAL, 1, FALSE},
    {"x = f()  # about 3\n", "x", "about 3", CLAIM_LITERAL, 1, FALSE},
    {"def f(*args):\n    # args is a tuple: (1, 2)\n    return args\n", "args", "(1, 2)",
     CLAIM_NAMED, 0, TRUE},
    {"def f(**kw):\n    # kw is a dict: {'a': 1}\n    for k in kw:\n        pass\n", "kw",
     "{'a': 1}", CLAIM_NAMED, 0, TRUE},
    {"x = [1]\nx.append(2)\n# x is now [1, 2]\n", "x", "[1, 2]", CLAIM_NAMED, 2, TRUE},
    {"x = f()\n# x: 3\n", "x", "3", CLAIM_NAMED, 1, TRUE},
    {"x = f()  # x is 3\n", "x", "3", CLAIM_NAMED, 1, FALSE},
    {"x = [1]\nf(x)  # now x is [1, 2]\n", "x", "[1, 2]", CLAIM_NAMED, 2, FALSE},
    {"x = [1]\nf(x)\n# x = [1, 2]\n", "x", "[1, 2]", CLAIM_NAMED, 2, FALSE},
    {"x = 1\n# x becomes 2\nx += 1\n", "x", "2", CLAIM_NAMED, 1, FALSE},
    {"for x in y:\n    # x is 3\n    f(x)\n", "x", "3", CLAIM_NAMED, 0, FALSE},
    {"import random\nx = random.random()\ny = 2\n# x is 3\nf(y)\n", "x", "3", CLAIM_NAMED, 0,
     FALSE},
    {"import random\nx = random.random()\ny = 2\n# y is now 2\nf(y)\n", "y", "2", CLAIM_NAMED, 3,
     TRUE},
    {"x = 3\nf(x)  # x is 3, then 4\n", "x", "3", CLAIM_NAMED, 2, FALSE},
};

START_TEST(a_variable_is_claimed) {
  g_autoptr(Snippet) snippet = script(named[_i].source);
  const Claim *claim = only_claim(snippet, named[_i].source);
  ck_assert_msg(claim->rule == named[_i].rule, "%s by %s", named[_i].source,
                claim_rule_name(claim->rule));
  ck_assert_str_eq(claim->expected, named[_i].expected);
  ck_assert_msg(g_strcmp0(claim->names, named[_i].names) == 0, "%s names %s", named[_i].source,
                claim->names);
  ck_assert_msg(claim->first_line == named[_i].first_line, "%s: line %u", named[_i].source,
                claim->first_line);
  ck_assert_msg((claim->cautious == NULL) == named[_i].may_accuse, "%s: %s", named[_i].source,
                claim->cautious);
}
END_TEST

static const gchar *const not_named[] = {
    "n = 3\n# n is even\nf(n)\n",
    "x = f()\n# x is the list\n",
    "x = f()\n# x is 3 times y\n",
    "x = f()\n# x is not 3\n",
    "x = f()\n# y is 3\n",
    "# x is 3\nx = f()\n",
    "x = f()\n# x = y\n",
    "x = f()\n# x = f(3)\n",
    "n = 3\n# n is a 3 digit number\nf(n)\n",
    "import x\n# x is 3\n",
    "for i in x:  # i is 3\n    f(i)\n",
    "x = f()  # the number 3\n",
    "x = f()  # seconds\n",
};

START_TEST(this_describes_no_variable) {
  check_none(not_named[_i]);
}
END_TEST

START_TEST(several_variables_are_several_claims) {
  g_autoptr(Snippet) snippet = script("a, b = 1, 2\na, b = b, a  # a = 2, b = 1\n");
  ck_assert_uint_eq(snippet->claims->len, 2);
  static const gchar *const names[] = {"a", "b"}, *const values[] = {"2", "1"};
  for (guint i = 0; i < 2; i++) {
    const Claim *claim = g_ptr_array_index(snippet->claims, i);
    ck_assert_str_eq(claim->names, names[i]);
    ck_assert_str_eq(claim->expected, values[i]);
    ck_assert_uint_eq(claim->first_line, 2);
    ck_assert_int_eq(claim->target, CLAIM_OF_NAMES);
  }
}
END_TEST

/* --- times -------------------------------------------------------------------- */

#define TWO_TIMES(over_first, over_second)                                                         \
  "import time\n" over_first                                                                       \
  "\nstart = time.time()\nf()\nprint(f'{time.time() - start}')\n\n" over_second                    \
  "\nstart = time.time()\ng()\nprint(f'{time.time() - start}')\n"

static const struct {
  const gchar *comment, *expected;
  gboolean may_accuse;
} speeds[] = {
    {"# Threads (slower)", "slower", TRUE},
    {"# much faster", "faster", TRUE},
    {"# slower or same speed", "not faster", TRUE},
    {"# no faster than before", "not faster", FALSE},
    {"# about the same", "same", TRUE},
    {"# same speed", "same", TRUE},
    {"# often slower", "slower", FALSE},
    {"# may be faster", "faster", FALSE},
};

START_TEST(a_speed_is_claimed) {
  g_autofree gchar *second = g_strdup_printf(TWO_TIMES("", "%s"), speeds[_i].comment);
  g_autoptr(Snippet) snippet = script(second);
  const Claim *claim = only_claim(snippet, second);
  ck_assert_int_eq(claim->rule, CLAIM_SPEED);
  ck_assert_int_eq(claim->target, CLAIM_OF_SPEED);
  ck_assert_str_eq(claim->expected, speeds[_i].expected);
  ck_assert_uint_eq(claim->first_line, 10);
  ck_assert_uint_eq(claim->rival, 5);
  ck_assert_int_eq(claim->cautious == NULL, speeds[_i].may_accuse);

  g_autofree gchar *first = g_strdup_printf(TWO_TIMES("%s", ""), speeds[_i].comment);
  g_autoptr(Snippet) other = script(first);
  ck_assert_uint_eq(only_claim(other, first)->first_line, 5);
  ck_assert_uint_eq(only_claim(other, first)->rival, 10);
}
END_TEST

START_TEST(a_measured_time_is_found) {
  static const gchar *const sources[] = {
      "from time import perf_counter as now, time\na = time()\nt = time() - a\nprint(t)\n"
      "b = time() - a\nprint(b)  # slower\n",
      "import timeit\nprint(timeit.timeit('f()'))\nprint(timeit.timeit('g()'))  # faster\n",
      "import time\ndef measure(f):\n    start = time.perf_counter()\n    f()\n"
      "    return time.perf_counter() - start\nprint(measure(f))\nprint(measure(g))  # faster\n",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
    g_autoptr(Snippet) snippet = script(sources[i]);
    ck_assert_int_eq(only_claim(snippet, sources[i])->rule, CLAIM_SPEED);
  }
}
END_TEST

START_TEST(speed_alone_is_prose) {
  check_none("# A faster way\nprint(1)\n");
  check_none("import time\nstart = time.time()\nprint(time.time() - start)  # faster now\n");
  check_none("import time\nstart = time.time()\nprint(time.time() - start)\n# faster\ndef f():\n"
             "    pass\nprint(time.time() - start)\n");
}
END_TEST

START_TEST(a_claim_knows_its_column) {
  g_autoptr(Snippet) snippet = script("if x:\n    print(x)   # 3\n    # print(x)  # 4\n");
  ck_assert_uint_eq(snippet->claims->len, 2);
  const Claim *trailing = g_ptr_array_index(snippet->claims, 0);
  const Claim *code = g_ptr_array_index(snippet->claims, 1);
  ck_assert_uint_eq(trailing->column, 15);
  ck_assert_uint_eq(code->column, 4);
  ck_assert(trailing->is_inner && code->is_inner && code->is_print);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("claims_kinds");
  TCase *tests = tcase_create("claims_kinds");
  tcase_add_loop_test(tests, an_outcome_is_read, 0, G_N_ELEMENTS(outcomes));
  tcase_add_loop_test(tests, these_words_are_no_outcome, 0, G_N_ELEMENTS(no_outcomes));
  tcase_add_test(tests, what_is_printed_is_no_outcome);
  tcase_add_test(tests, a_traceback_may_follow_words);
  tcase_add_loop_test(tests, commented_out_code_is_claimed, 0, G_N_ELEMENTS(commented));
  tcase_add_loop_test(tests, this_is_no_commented_out_claim, 0, G_N_ELEMENTS(not_commented));
  tcase_add_loop_test(tests, a_variable_is_claimed, 0, G_N_ELEMENTS(named));
  tcase_add_loop_test(tests, this_describes_no_variable, 0, G_N_ELEMENTS(not_named));
  tcase_add_test(tests, several_variables_are_several_claims);
  tcase_add_loop_test(tests, a_speed_is_claimed, 0, G_N_ELEMENTS(speeds));
  tcase_add_test(tests, a_measured_time_is_found);
  tcase_add_test(tests, speed_alone_is_prose);
  tcase_add_test(tests, a_claim_knows_its_column);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
