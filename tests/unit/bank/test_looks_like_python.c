/* What reads as Python without being marked as such, and what does not. */
#include "bank/looks_like_python.h"
#include "bank_suite.h"

static const gchar *const python[] = {
    "total = 3\n",
    "x: int = 3\n",
    "first, *rest = items\n",
    "count += 1  # one more\n",
    "shelf.books.filter(year=2020, title='a')\n",
    "import os\n",
    "from . import models as m, views\n",
    "from a.b import (\n    c,\n    d,\n)\n",
    "def area(w: float, /, *, h=1.0, **more) -> float:\n    return w * h\n",
    "async def go():\n    async with lock as l:\n        await l.done()\n",
    "class Cat(Animal, metaclass=Meta):\n    pass\n",
    "class Cat:\n    legs = 4\n",
    "for key, value in pairs.items():\n    print(key)\n",
    "while not done: step()\n",
    "if a and b or not c:\n    pass\nelif x is not None:\n    pass\nelse:\n    pass\n",
    "try:\n    run()\nexcept (A, B) as e:\n    raise C from e\nfinally:\n    del run\n",
    "with open(p) as f, open(q) as g:\n    pass\n",
    "@cache\ndef f(n): return n\n",
    "squares = {n: n ** 2 for n in range(3) if n % 2}\n",
    "key = lambda a, b=2: (a, b)\n",
    "tail = items[1:, ::2][-1]\n",
    "text = 'a' 'b' f'{c}'\n",
    "print 'old'\n",
    "a = 1; b = 2\n",
    "def gen():\n    x = yield\n    yield from other()\n",
    "match shape:\n    case Point(x=0) as p:\n        print(p)\n",
    "# only a note\n\nf()\n",
    "3 / 2  # 1.5\n",
    "type Pair = tuple[int, int]\n",
    "assert total([1]) == 1, 'wrong'\n",
    "if (n := len(a)) > 10: print(n)\n",
    "return compute(a)\n",
    "print (x)\n",
};

static const gchar *const no_python[] = {
    "This is a sentence.\n",
    "see the next chapter (below)\n",
    "continued (here)\n",
    "for example:\n",
    "for example, this one:\n    works\n",
    "if needed\n",
    "and so on\n",
    "is it in or not\n",
    "with care, and a pinch of salt\n",
    "Note: use with care\n",
    "value\n",
    "42\n",
    "[1, 2, 3]\n",
    "{'a': 1}\n",
    "# only a comment\n",
    "\n\n",
    "",
    "pip install flask\n",
    "ls -l\n",
    "cd ..\n",
    "$ python main.py\n",
    "import this great module\n",
    "from here to there import costs\n",
    "x = \n",
    "x = 5;\n",
    "int x = 5;\n",
    "let total = add(1, 2)\n",
    "console.log(\"a\");\n",
    "SELECT name FROM users WHERE id = 1\n",
    "<b>bold</b>\n",
    "function f(x) {\n",
    "Traceback (most recent call last):\n",
    "ValueError: x\n",
    "[tool.name]\nversion = \"1\"\n",
    "x = 1\nThis is prose behind code.\n",
    "don't panic(now)\n",
    "f(\n",
    "f(1))\n",
    "a = [1, 2)\n",
    "key: value\n",
    "def\n",
    "def f(x)\n",
    "class of its own:\n",
    "https://example.org/a(b)\n",
    "f(a b)\n",
    "lambda x\n",
};

START_TEST(code_reads_as_python) {
  for (gsize i = 0; i < G_N_ELEMENTS(python); i++)
    ck_assert_msg(looks_like_python(python[i], strlen(python[i])), "not Python: %s", python[i]);
}
END_TEST

START_TEST(prose_and_other_languages_do_not) {
  for (gsize i = 0; i < G_N_ELEMENTS(no_python); i++)
    ck_assert_msg(!looks_like_python(no_python[i], strlen(no_python[i])), "Python: %s",
                  no_python[i]);
}
END_TEST

START_TEST(a_shape_needs_no_strong_sign) {
  ck_assert(has_shape_of_python("x\n", 2));
  ck_assert(!has_shape_of_python("I agree\n", 8));
  ck_assert(!has_shape_of_python("# x\n", 4));
}
END_TEST

START_TEST(brackets_of_any_depth_are_survived) {
  g_autoptr(GString) deep = g_string_new("x = ");
  for (int i = 0; i < 100000; i++)
    g_string_append_c(deep, '(');
  ck_assert(!looks_like_python(deep->str, deep->len));
  g_string_assign(deep, "x = ((((((((((1))))))))))\n");
  ck_assert(looks_like_python(deep->str, deep->len));
}
END_TEST

int main(void) {
  const TTest *const tests[] = {code_reads_as_python, prose_and_other_languages_do_not,
                                a_shape_needs_no_strong_sign, brackets_of_any_depth_are_survived,
                                NULL};
  return run_case("looks_like_python", tests);
}
