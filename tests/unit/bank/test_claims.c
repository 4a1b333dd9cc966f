/* What comments are read as: each rule, and what only looks like a claim. */
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

static const Claim *claim_at(const Snippet *snippet, guint index) {
  ck_assert_uint_lt(index, snippet->claims->len);
  return g_ptr_array_index(snippet->claims, index);
}

static const gchar *reason_at(const Snippet *snippet, guint index) {
  ck_assert_uint_lt(index, snippet->unclaimed->len);
  return ((const Unclaimed *)g_ptr_array_index(snippet->unclaimed, index))->reason;
}

/* One comment, one claim that may accuse. */
static const struct {
  const gchar *source;
  ClaimRule rule;
  const gchar *expected;
} firm[] = {
    {"print(x)  # 3\n", CLAIM_LITERAL, "3"},
    {"print(x)  # -3.5e2\n", CLAIM_LITERAL, "-3.5e2"},
    {"print(x)  # 'a'\n", CLAIM_LITERAL, "'a'"},
    {"x  # [1, 'b', {2: None}]\n", CLAIM_LITERAL, "[1, 'b', {2: None}]"},
    {"x  # (3+4j)\n", CLAIM_LITERAL, "(3+4j)"},
    {"x  # Counter({'a': 2})\n", CLAIM_LITERAL, "Counter({'a': 2})"},
    {"print(type(x))  # <class 'int'>\n", CLAIM_LITERAL, "<class 'int'>"},
    {"print(a, b)  # 1, 'b'\n", CLAIM_LITERAL, "1, 'b'"},
    {"print(x)  # `3`\n", CLAIM_LITERAL, "3"},
    {"print(x)  ## 3\n", CLAIM_LITERAL, "3"},
    {"print(x)  #3\n", CLAIM_LITERAL, "3"},
    {"print(x)  # True\n", CLAIM_TRUTH, "True"},
    {"print(x)  # True - the same object\n", CLAIM_TRUTH, "True"},
    {"print(x)  # False \xe2\x80\x94 two lists\n", CLAIM_TRUTH, "False"},
    {"print(x)  # None, nothing was found\n", CLAIM_TRUTH, "None"},
    {"print(x)  # 1 (kept for later)\n", CLAIM_PROSE, "1"},
    {"print(x)  # ['a'] - only one is left\n", CLAIM_PROSE, "['a']"},
    {"print(x)  # 7 because both share it\n", CLAIM_PROSE, "7"},
    {"print(x)  # Output: [1]\n", CLAIM_LABEL, "[1]"},
    {"print(x)  # OUTPUT: [1]\n", CLAIM_LABEL, "[1]"},
    {"print(x)  # Result: 3 (both halves)\n", CLAIM_LABEL, "3"},
    {"print(x)  # Output: [1, 2] (expected [2])\n", CLAIM_LABEL, "[1, 2]"},
    {"print(x)  # Ans: 3\n", CLAIM_LABEL, "3"},
    {"print(x)  # Prints: hello there\n", CLAIM_LABEL, "hello there"},
    {"print(x)  # => 3\n", CLAIM_LABEL, "3"},
    {"print(x)  # -> 3\n", CLAIM_LABEL, "3"},
    {"print(x)  # ==> 3\n", CLAIM_LABEL, "3"},
    {"print(x)  # \xe2\x86\x92 3\n", CLAIM_LABEL, "3"},
    {"print(x)  #> 3\n", CLAIM_ARROW, "3"},
    {"print(x)  #> anything at all\n", CLAIM_ARROW, "anything at all"},
    {"print(x)  # prints 3\n", CLAIM_VERB, "3"},
    {"f(x)  # returns [3]\n", CLAIM_VERB, "[3]"},
    {"f(x)  # this will print 3\n", CLAIM_VERB, "3"},
    {"f(x)  # evaluates to True\n", CLAIM_VERB, "True"},
    {"print(x)  # 2 + 3 = 5\n", CLAIM_TEXT, "2 + 3 = 5"},
    {"print('Hello', name)  # Hello Ada\n", CLAIM_TEXT, "Hello Ada"},
    {"t[0] = 1  # TypeError\n", CLAIM_EXCEPTION, "TypeError"},
    {"t[0] = 1  # TypeError: no assignment\n", CLAIM_EXCEPTION, "TypeError"},
    {"t[0] = 1  # raises TypeError\n", CLAIM_EXCEPTION, "TypeError"},
    {"t[0] = 1  # This will raise a TypeError\n", CLAIM_EXCEPTION, "TypeError"},
    {"raise ValueError('no')  # ValueError: no\n", CLAIM_EXCEPTION, "ValueError"},
    {"d['k']  # KeyError!\n", CLAIM_EXCEPTION, "KeyError"},
    {"next(g)  # StopIteration\n", CLAIM_EXCEPTION, "StopIteration"},
    {"del t[0]  # TypeError because tuples stay\n", CLAIM_EXCEPTION, "TypeError"},
    {"d['k']  # Output: KeyError: 'k'\n", CLAIM_EXCEPTION, "KeyError"},
    {"d['k']  # KeyError (a subclass of LookupError)\n", CLAIM_EXCEPTION, "KeyError"},
    {"d['k']  # KeyError is raised\n", CLAIM_EXCEPTION, "KeyError"},
    {"f()  # raises OutOfStock\ndef f():\n    raise OutOfStock(3)\n", CLAIM_EXCEPTION,
     "OutOfStock"},
    {"f()  # OutOfStock: 3 left\ndef f():\n    raise OutOfStock(3)\n", CLAIM_EXCEPTION,
     "OutOfStock"},
    {"f()  # raises DoesNotExist\n", CLAIM_EXCEPTION, "DoesNotExist"},
    {"f()  # Book.DoesNotExist\n", CLAIM_EXCEPTION, "Book.DoesNotExist"},
    {"f()  # DoesNotExist: Book matching query does not exist.\n", CLAIM_EXCEPTION, "DoesNotExist"},
    {"f()  # raises Book.DoesNotExist exception\n", CLAIM_EXCEPTION, "Book.DoesNotExist"},
    {"f()  # raises MultipleObjectsReturned\n", CLAIM_EXCEPTION, "MultipleObjectsReturned"},
    {"f()  # RelatedObjectDoesNotExist\n", CLAIM_EXCEPTION, "RelatedObjectDoesNotExist"},
    {"f()  # would raise a PermissionDenied\n", CLAIM_EXCEPTION, "PermissionDenied"},
    {"f()  # raises Http404\n", CLAIM_EXCEPTION, "Http404"},
    {"print(x[::-1])  # !dlrow\n", CLAIM_TEXT, "!dlrow"},
    {"try:\n    d['k']  # KeyError\nexcept KeyError:\n    pass\n", CLAIM_EXCEPTION, "KeyError"},
    {"if x:\n    d['k']  # KeyError\n", CLAIM_EXCEPTION, "KeyError"},
    {"print(x)\n# 3\n", CLAIM_LITERAL, "3"},
    {"print(x)\n# Output: 3\n", CLAIM_LABEL, "3"},
    {"print(x)\n# Output:\n# a\n# b\n", CLAIM_LABEL, "a\nb"},
    {"print(x)\n#> a\n#> b\n", CLAIM_ARROW, "a\nb"},
    {"for i in x:\n    print(i)\n# 1\n# 2\n", CLAIM_LITERAL, "1\n2"},
    {"print(x)\n# {'a': 1,\n#  'b': 2}\n", CLAIM_LITERAL, "{'a': 1,\n 'b': 2}"},
    {"x = {}\nx['k']\n# Traceback (most recent call last):\n#   File \"a\", line 1\n# KeyError: "
     "'k'\n",
     CLAIM_EXCEPTION, "KeyError"},
};

START_TEST(a_firm_claim_is_read) {
  g_autoptr(Snippet) snippet = script(firm[_i].source);
  ck_assert_msg(snippet->claims->len == 1, "%u claims in %s", snippet->claims->len,
                firm[_i].source);
  const Claim *claim = claim_at(snippet, 0);
  ck_assert_msg(claim->rule == firm[_i].rule, "%s by %s", firm[_i].source,
                claim_rule_name(claim->rule));
  ck_assert_str_eq(claim->expected, firm[_i].expected);
  ck_assert_msg(claim->cautious == NULL, "%s is cautious: %s", firm[_i].source, claim->cautious);
}
END_TEST

/* One comment, one claim that can only be confirmed. */
static const gchar *const careful[] = {
    "print(x)  # ~3\n",
    "print(x)  # about 3 or so\nprint(3, 'about or so')\n",
    "print(x)  # 3 on most machines\n",
    "print(x)  # 3 (may vary)\n",
    "print(x)  # 3 (depends on the version)\n",
    "print(x)  # [1, 2, ...]\n",
    "print(x)  # Output: e.g. 3\n",
    "print(x)  # 2 items\n",
    "print(x)  # 3 (you might expect 4)\n",
    "print(x)  # 4 - not 5?\n",
    "print(x)  # 5 -> 6\n",
    "print(x)  # 3! is 6\n",
    "print(x)  # 2: the second way\n",
    "print(x)  # 5 (default)\n",
    "print(x)  # +5\n",
    "next(g)  # 3, then StopIteration\n",
    "isinstance(e, X)  # a KeyError is also a LookupError\n",
    "re.compile('(')  # re.error: missing )\n",
    "# This raises TypeError\nlen(3)\n",
    "x = 3\n\n# Raises ValueError\nint('x')\n",
    "print(x, end='')  # 3\n",
    "print(x, file=log)  # 3\n",
    "a = 1; print(a)  # 1\n",
    "import random\nprint(random.random())  # 0.5\n",
    "from random import randint\nx = randint(1, 6)\nprint(x)  # 4\n",
    "import random as r\ny = [r.random()]\nprint(len(y), y)  # 4\n",
    "import time\nstart = time.time()\ntook = time.time() - start\nprint(took)  # 0.1\n",
    "from datetime import datetime\nprint(datetime.now().year)  # 2020\n",
    "print(id(x))  # 140\n",
    "print(hash('a'))  # 12\n",
    "import sys\nprint(sys.getsizeof([]))  # 56\n",
    "import sys\nprint(sys.version_info.major)  # 3\n",
    "import os\np = os.getcwd()\nprint(p)  # '/home'\n",
    "from datetime import datetime\nd = datetime.now()\nprint(f'{d}')  # 'noon'\n",
    "name = input()\nprint(name)  # 'Ada'\n",
    "def now():\n    import time\n    return time.time()\nprint(now())  # 5\n",
    "class A:\n    def f(self):\n        return id(self)\nprint(A().f())  # 5\n",
    "a = 257\nb = 257\nprint(a is b)  # False\n",
    "print('a' is 'a')  # True\n",
    "s = {'a', 'b'}\nprint(list(s))  # ['a', 'b']\n",
    "for c in set('ab'):\n    print(c)  # 'a'\n",
    "import threading\nn = 0\nprint(n)  # 3\n",
    "try:\n    f()\nexcept ValueError as e:\n    print(e)  # 'bad'\n",
    "x = 3  # 3\n",
    "log(x)  # Error: something broke\n",
    "d['k']  # raises KeyError if it is missing\n",
    "d['k']  # may raise KeyError\n",
    "d['k']  # KeyError or nothing\n",
    "f()  # Http404\n",
    "f()  # NoReverseMatch\n",
    "f()  # raises OutOfStock\n",
    "f()  # will raise shop.Closed here\n",
    "print(a)\n# 2\nprint(b)\n",
};

START_TEST(a_careful_claim_never_accuses) {
  g_autoptr(Snippet) snippet = script(careful[_i]);
  ck_assert_msg(snippet->claims->len == 1, "%u claims in %s", snippet->claims->len, careful[_i]);
  ck_assert_msg(claim_at(snippet, 0)->cautious != NULL, "%s may accuse", careful[_i]);
}
END_TEST

/* Nothing here is a claim. */
static const gchar *const prose[] = {
    "print(x)  # noqa: T201\n",
    "print(x)  # type: ignore\n",
    "print(x)  # TODO 3\n",
    "print(x)  # (1)\n",
    "print(x)  # 1. show it\n",
    "print(x)  # 1)\n",
    "print(x)  # #1\n",
    "users.append(u)  # works as it should\n",
    "print(x)  # works the second time, too\n",
    "print(x)  # True or False\n",
    "print(x)  #\n",
    "def f():  # 3\n    pass\n",
    "for x in y:  # 3\n    pass\n",
    "import x  # 3\n",
    "def f():\n    return 3  # 3\n",
    "f(\n    1,  # 3\n)\n",
    "d.get('k')  # avoids a KeyError\n",
    "d.get('k')  # returns None instead of KeyError\n",
    "d.get('k')  # never raises KeyError\n",
    "f()  # never raises OutOfStock\n",
    "f()  # uses OutOfStock\n",
    "f()  # raises Money for the poor\n",
    "f()  # raises prices of ShopItems\n",
    "f()  # the JavaScript of NotFound pages\n",
    "print(x)\n# Now do it again\nprint(y)\n",
    "print(x)\n# y = 3\n",
    "print(x)\n# print(y)\n",
    "print(x)\n# for a in b:\n",
    "print(x)\n\n\n# 3\n",
    "# 3\nprint(x)\n",
    "def f():\n    print(1)\n# 1\n",
    "x = 'print(x)  # 3'\n",
};

START_TEST(prose_is_no_claim) {
  g_autoptr(Snippet) snippet = script(prose[_i]);
  ck_assert_msg(snippet->claims->len == 0, "a claim in %s: %s", prose[_i],
                snippet->claims->len > 0 ? claim_at(snippet, 0)->expected : "");
}
END_TEST

START_TEST(every_comment_is_accounted_for) {
  g_autoptr(Snippet) snippet = script("# Start\nx = 3  # three\nprint(x)  # 3\n# x.pop()\n");
  ck_assert_uint_eq(snippet->claims->len, 1);
  ck_assert_uint_eq(snippet->unclaimed->len, 3);
  ck_assert_str_eq(reason_at(snippet, 0), "prose");
  ck_assert_str_eq(reason_at(snippet, 2), "a commented-out line: not run");
}
END_TEST

START_TEST(a_claim_knows_its_statement) {
  g_autoptr(Snippet) snippet = script("x = 1\n"
                                      "print(\n"
                                      "    x\n"
                                      ")  # 1\n"
                                      "x  # 1\n"
                                      "for i in x:\n"
                                      "    print(i)\n"
                                      "# 1\n"
                                      "# 2\n");
  ck_assert_uint_eq(snippet->claims->len, 3);
  const Claim *printed = claim_at(snippet, 0);
  ck_assert_uint_eq(printed->line, 4);
  ck_assert_uint_eq(printed->first_line, 2);
  ck_assert_uint_eq(printed->last_line, 4);
  ck_assert(printed->is_print && !printed->is_value && !printed->below);
  const Claim *value = claim_at(snippet, 1);
  ck_assert(value->is_value && !value->is_print);
  const Claim *loop = claim_at(snippet, 2);
  ck_assert(loop->below && !loop->is_print && !loop->is_value);
  ck_assert_uint_eq(loop->first_line, 6);
  ck_assert_uint_eq(loop->last_line, 7);
}
END_TEST

START_TEST(a_claim_below_may_speak_of_several_statements) {
  g_autoptr(Snippet) snippet = script("print(0)  # 0\nprint(a)\nprint(b)\n# 1\n# 2\n");
  const Claim *claim = claim_at(snippet, 1);
  ck_assert_uint_eq(claim->group_line, 2);
  ck_assert_uint_eq(claim->first_line, 3);
}
END_TEST

START_TEST(an_else_belongs_to_its_if) {
  g_autoptr(Snippet) snippet = script("if a:\n    print('yes')\nelse:\n    print('no')\n# no\n");
  const Claim *claim = claim_at(snippet, 0);
  ck_assert_uint_eq(claim->first_line, 1);
  ck_assert_uint_eq(claim->last_line, 4);
}
END_TEST

START_TEST(numbers_down_the_lines_are_not_trusted) {
  g_autoptr(Snippet) numbered = script("x = f()  # 1\nprint(x)  # 2\nprint(y)  # 3\n");
  ck_assert_uint_eq(numbered->claims->len, 3);
  ck_assert_ptr_nonnull(claim_at(numbered, 0)->cautious);
  g_autoptr(Snippet) values = script("print(next(c))  # 1\nprint(next(c))  # 2\n");
  ck_assert_ptr_null(claim_at(values, 0)->cautious);
}
END_TEST

START_TEST(what_is_not_touched_by_chance_may_accuse) {
  g_autoptr(Snippet) snippet = script("import random\nimport time\nimport sys\n"
                                      "time.sleep(0)\n"
                                      "sys.stdout.write('x')\n"
                                      "a = 3\n"
                                      "print(a)  # 3\n"
                                      "s = {'a', 'b'}\n"
                                      "print(len(s))  # 2\n"
                                      "print(s)  # {'a', 'b'}\n"
                                      "l = [1]\nm = l\n"
                                      "print(l is m)  # True\n"
                                      "print(l is None)  # False\n");
  ck_assert_uint_eq(snippet->claims->len, 5);
  for (guint i = 0; i < 5; i++)
    ck_assert_msg(claim_at(snippet, i)->cautious == NULL, "claim %u: %s", i,
                  claim_at(snippet, i)->cautious);
}
END_TEST

/* --- sessions ---------------------------------------------------------------- */

static Snippet *session(const gchar *source) {
  return snippet_new(NULL, NULL, SNIPPET_TRANSCRIPT, source, 1);
}

static void example(Snippet *snippet, guint line, guint last_line, const gchar *source,
                    const gchar *want, guint want_line) {
  g_ptr_array_add(snippet->examples, example_new(line, last_line, source, want, want_line));
}

START_TEST(an_example_and_its_want_are_one_claim) {
  g_autoptr(Snippet) snippet = session(">>> x = 1\n>>> x  # one\n1\n>>> x\n# 1\n>>> x  # 1\n");
  example(snippet, 1, 1, "x = 1\n", "", 0);
  example(snippet, 2, 2, "x  # one\n", "1\n", 3);
  example(snippet, 4, 4, "x\n", "# 1\n", 5);
  example(snippet, 6, 6, "x  # 1\n", "", 0);
  claims_read_snippet(snippet);
  ck_assert_uint_eq(snippet->claims->len, 3);
  const guint lines[] = {3, 5, 6}, targets[] = {2, 4, 6};
  for (guint i = 0; i < 3; i++) {
    const Claim *claim = claim_at(snippet, i);
    ck_assert_int_eq(claim->rule, CLAIM_TRANSCRIPT);
    ck_assert_int_eq(claim->target, CLAIM_OF_EXAMPLE);
    ck_assert_uint_eq(claim->line, lines[i]);
    ck_assert_uint_eq(claim->first_line, targets[i]);
    g_autofree gchar *expected = g_strchomp(g_strdup(claim->expected));
    ck_assert_str_eq(expected, "1");
    ck_assert_ptr_null(claim->cautious);
    ck_assert(claim->is_value);
  }
}
END_TEST

START_TEST(a_session_that_varies_is_not_trusted) {
  g_autoptr(Snippet) snippet =
      session(">>> import random\n>>> x = random.random()\n>>> x\n0.5\n>>> y\n...\n>>> z\n$ ls\n");
  example(snippet, 1, 1, "import random\n", "", 0);
  example(snippet, 2, 2, "x = random.random()\n", "", 0);
  example(snippet, 3, 3, "x\n", "0.5\n", 4);
  example(snippet, 5, 5, "y\n", "...\n", 6);
  example(snippet, 7, 7, "z\n", "$ ls\n", 8);
  claims_read_snippet(snippet);
  ck_assert_uint_eq(snippet->claims->len, 3);
  for (guint i = 0; i < 3; i++)
    ck_assert_ptr_nonnull(claim_at(snippet, i)->cautious);
}
END_TEST

START_TEST(an_exception_may_be_claimed_behind_a_prompt) {
  g_autoptr(Snippet) snippet = session(">>> d['k']  # KeyError\n>>> # only words\n");
  example(snippet, 1, 1, "d['k']  # KeyError\n", "", 0);
  example(snippet, 2, 2, "# only words\n", "", 0);
  claims_read_snippet(snippet);
  ck_assert_uint_eq(snippet->claims->len, 1);
  ck_assert_int_eq(claim_at(snippet, 0)->target, CLAIM_OF_EXCEPTION);
  ck_assert_uint_eq(snippet->unclaimed->len, 1);
}
END_TEST

/* --- where the others stand ---------------------------------------------------- */

/* "line:first-last", with a star for one on a line of its own. */
static void check_places(const Snippet *snippet, const gchar *expected) {
  g_autoptr(GString) places = g_string_new(NULL);
  for (guint i = 0; i < snippet->unclaimed->len; i++) {
    const Unclaimed *unclaimed = g_ptr_array_index(snippet->unclaimed, i);
    g_string_append_printf(places, "%s%u:%u-%u%s", i > 0 ? " " : "", unclaimed->line,
                           unclaimed->first_line, unclaimed->last_line,
                           unclaimed->is_own ? "*" : "");
  }
  ck_assert_str_eq(places->str, expected);
}

static const struct {
  const gchar *source, *places;
} placed[] = {
    {"f()  # so it is said\n", "1:1-1"},
    {"f(a,\n  b)  # so it is said\n", "2:1-2"},
    {"f(a,  # so it is said\n  # and this\n  b)\n", "1:1-3 2:1-3*"},
    {"for a in b:  # so it is said\n    f()\n    g()\n", "1:1-1"},
    {"# so it is said\nfor a in b:\n    f()\n", "1:2-2*"},
    {"# so it is said\nwith (a,\n      b):\n    f()\n", "1:2-3*"},
    {"# so it is said\n# and so on\nf()\n", "1:3-3* 2:3-3*"},
    {"# so it is said\n\n# and so on\nf()\n", "1:0-0* 3:4-4*"},
    {"# so it is said\n\nf()\n", "1:0-0*"},
    {"if a:\n    f()\n    # so it is said\ng()\n", "3:0-0*"},
    {"if a:\n    f()\n# so it is said\n    g()\n", "3:0-0*"},
    {"if a:\n    # so it is said\n    f()\n", "2:3-3*"},
    {"f()\n# so it is said\n", "2:0-0*"},
    {"x = '''\n# no comment\n'''  # so it is said\n", "3:1-3"},
    {"x = \\\n  1  # so it is said\n", "2:1-2"},
    {"f(  # so it is said\n  '''never closed\n", "1:1-2"},
};

START_TEST(a_comment_knows_its_statement) {
  g_autoptr(Snippet) snippet = script(placed[_i].source);
  ck_assert_uint_eq(snippet->claims->len, 0);
  check_places(snippet, placed[_i].places);
}
END_TEST

START_TEST(so_does_one_of_a_session) {
  g_autoptr(Snippet) snippet = session(">>> # so it is said\n>>> f()  # and so on\n");
  example(snippet, 1, 1, "# so it is said\n", "", 0);
  example(snippet, 2, 2, "f()  # and so on\n", "", 0);
  claims_read_snippet(snippet);
  check_places(snippet, "1:2-2* 2:2-2");
}
END_TEST

/* --- output ------------------------------------------------------------------ */

static const struct {
  const gchar *source, *label;
  gboolean may_accuse;
} outputs[] = {
    {"print(1)\n", "Output:", TRUE},
    {"print(1)\n", "**Output:**", TRUE},
    {"print(1)\n", NULL, FALSE},
    {"print(1)\n", "It then says", FALSE},
    {"print(1)\n", "Output (Python 2):", FALSE},
    {"print(1)\n", "Output (< 3.8)", FALSE},
    {"print(1)\n", "Example output, which may differ:", FALSE},
    {"import time\nprint(time.time())\n", "Output:", FALSE},
};

START_TEST(an_output_block_is_one_claim) {
  g_autoptr(Snippet) snippet = script(outputs[_i].source);
  claims_read_output(snippet, outputs[_i].label, "1\n", 20);
  ck_assert_uint_eq(snippet->claims->len, 1);
  const Claim *claim = claim_at(snippet, 0);
  ck_assert_int_eq(claim->rule, CLAIM_OUTPUT);
  ck_assert_int_eq(claim->target, CLAIM_OF_SNIPPET);
  ck_assert_uint_eq(snippet_document_line(snippet, claim->line), 20);
  ck_assert_str_eq(claim->expected, "1\n");
  ck_assert_int_eq(claim->cautious == NULL, outputs[_i].may_accuse);
}
END_TEST

START_TEST(an_introduction_may_name_a_version) {
  static const struct {
    const gchar *introduction;
    gboolean may_accuse;
  } introductions[] = {{"Output (Python 2.x):", FALSE},
                       {"**Output (< 3.8):**", FALSE},
                       {"In Python 3 it is another:", FALSE},
                       {"Output:", TRUE},
                       {"Here are 3 of them, <b>all</b> of them right.", TRUE}};
  for (gsize i = 0; i < G_N_ELEMENTS(introductions); i++) {
    g_autoptr(Snippet) snippet = script("print(x)  # 3\n");
    claims_read_introduction(snippet, introductions[i].introduction);
    ck_assert_int_eq(claim_at(snippet, 0)->cautious == NULL, introductions[i].may_accuse);
  }
}
END_TEST

START_TEST(what_other_blocks_decide_is_known) {
  static const struct {
    const gchar *source;
    gboolean leans;
  } sources[] = {
      {"print(1)  # 1\n", FALSE},
      {"x = 1\nprint(x)  # 1\n", FALSE},
      {"def f(a, *b, c=1, **d):\n    return [e for e in b]\nprint(f(a=2))  # 1\n", FALSE},
      {"import os as o\nwith o.scandir() as s:\n    print(s)  # 1\n", FALSE},
      {"print(sorted([1], key=lambda k: -k))  # [1]\n", FALSE},
      {"if (n := 3) > 2:\n    print(f'{n:>10.2f}')  # 3\n", FALSE},
      {"print(x)  # 1\n", TRUE},
      {"print(f'{x}')  # 1\n", TRUE},
      {"s.shares = 3\nprint(1)  # 1\n", TRUE},
      {"def f(a=b):\n    return a\nprint(f())  # 1\n", TRUE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
    g_autoptr(Snippet) snippet = script(sources[i].source);
    ck_assert_msg(claim_at(snippet, 0)->leans == sources[i].leans, "%s", sources[i].source);
  }
}
END_TEST

START_TEST(odd_bytes_do_no_harm) {
  static const gchar *const sources[] = {
      "print(x)  # \xff\xfe\n",
      "print(x)  #",
      "#",
      "#>\n",
      "print(x)  # '\n",
      "print(x)  # [[[[[[[\n",
      "print(x)  # <<<<<\n",
      "print(x)  # ...\n",
      "x\n#\n#\n#\n",
      "print(x)  # -\n",
      "print(x) # Output:\n",
      "print(x)\n# Output:\n#\n",
      "print(x)\n# Traceback (most recent call last):\n# nothing\n",
      "\n#",
      "f(  # 3\n",
      "print(x)  # `\n",
      "print(x)  # ``\n",
      "print(x)  # \xe2\x80\n"};
  for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
    g_autoptr(Snippet) snippet = script(sources[i]);
    ck_assert_uint_le(snippet->claims->len, 1);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("claims");
  TCase *tests = tcase_create("claims");
  tcase_add_loop_test(tests, a_firm_claim_is_read, 0, G_N_ELEMENTS(firm));
  tcase_add_loop_test(tests, a_careful_claim_never_accuses, 0, G_N_ELEMENTS(careful));
  tcase_add_loop_test(tests, prose_is_no_claim, 0, G_N_ELEMENTS(prose));
  tcase_add_test(tests, every_comment_is_accounted_for);
  tcase_add_test(tests, a_claim_knows_its_statement);
  tcase_add_test(tests, a_claim_below_may_speak_of_several_statements);
  tcase_add_test(tests, an_else_belongs_to_its_if);
  tcase_add_test(tests, numbers_down_the_lines_are_not_trusted);
  tcase_add_test(tests, what_is_not_touched_by_chance_may_accuse);
  tcase_add_test(tests, an_example_and_its_want_are_one_claim);
  tcase_add_test(tests, a_session_that_varies_is_not_trusted);
  tcase_add_test(tests, an_exception_may_be_claimed_behind_a_prompt);
  tcase_add_loop_test(tests, a_comment_knows_its_statement, 0, G_N_ELEMENTS(placed));
  tcase_add_test(tests, so_does_one_of_a_session);
  tcase_add_loop_test(tests, an_output_block_is_one_claim, 0, G_N_ELEMENTS(outputs));
  tcase_add_test(tests, an_introduction_may_name_a_version);
  tcase_add_test(tests, what_other_blocks_decide_is_known);
  tcase_add_test(tests, odd_bytes_do_no_harm);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
