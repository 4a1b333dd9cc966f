/* Fixtures: their headers, where they are found, and which snippet runs with which. */
#include <glib/gstdio.h>

#include "bank/config.h"
#include "bank/fixtures.h"
#include "bank_suite.h"

/* --- headers ---------------------------------------------------------------------------- */

static Fixture *parsed(const gchar *text) {
  return fixture_parse("a", "/bank/fixtures/a.py", "fixtures/a.py", text, strlen(text));
}

static void check_problem(const gchar *text, const gchar *problem) {
  g_autoptr(Fixture) fixture = parsed(text);
  ck_assert_pstr_eq(fixture->problem, problem);
}

static void check_list(GStrv list, const gchar *joined) {
  g_autofree gchar *text = g_strjoinv(" ", list);
  ck_assert_str_eq(text, joined);
}

START_TEST(a_whole_header) {
  g_autoptr(Fixture) fixture = parsed("\"\"\"\n  A library of books. \n\nMore.\n\"\"\"\n"
                                      "import os  # PROVIDES = 1\n"
                                      "PROVIDES = ['Book', \"Author\",  # both\n"
                                      "            'mo' \"dels\",\n"
                                      "]\n"
                                      "SIGNS = {'objects'}; IMPORTS = ('django', 'a.b')\n"
                                      "NEEDS: dict = {'django': 'python3-django'}\n"
                                      "VARIANTS = {'relation': 'an author is '\n"
                                      "            'a row', 'text': ('a '\n  'text')}\n"
                                      "BEHIND = ['b-1']\n"
                                      "TOOLS = ['Count', 'Book']\n"
                                      "def setup(variant):\n"
                                      "    PROVIDES = 3\n"
                                      "    return {'PROVIDES': PROVIDES}\n");
  ck_assert_ptr_null(fixture->problem);
  ck_assert_str_eq(fixture->name, "a");
  ck_assert_str_eq(fixture->summary, "A library of books.");
  check_list(fixture->provides, "Book Author models Count");
  check_list(fixture->tools, "Count Book");
  check_list(fixture->signs, "objects");
  check_list(fixture->imports, "django a.b");
  check_list(fixture->behind, "b-1");
  const FixtureNeed *need = g_ptr_array_index(fixture->needs, 0);
  ck_assert_uint_eq(fixture->needs->len, 1);
  ck_assert_str_eq(need->module, "django");
  ck_assert_str_eq(need->install, "python3-django");
  ck_assert_uint_eq(fixture->variants->len, 2);
  ck_assert_str_eq(fixture_variant(fixture, "relation")->text, "an author is a row");
  ck_assert_str_eq(fixture_variant(fixture, "text")->text, "a text");
}
END_TEST

START_TEST(a_short_header) {
  g_autoptr(Fixture) fixture = parsed("\xef\xbb\xbfIMPORTS = []\r\nVARIANTS = ['a', 'b']\r\n");
  ck_assert_ptr_null(fixture->problem);
  ck_assert_str_eq(fixture->summary, "");
  ck_assert_uint_eq(fixture->variants->len, 2);
  ck_assert_str_eq(fixture_variant(fixture, "b")->text, "");
  check_problem("PROVIDES = {}\nNEEDS = {}\nSIGNS = ()\n", NULL);
}
END_TEST

START_TEST(strings_as_python_reads_them) {
  static const struct {
    const gchar *literal, *text;
  } cases[] = {
      {"'caf\\xe9'", "café"},
      {"r'a\\b'", "a\\b"},
      {"u'\\u00fc\\U0001F600'", "ü😀"},
      {"'a\\\nb'", "ab"},
      {"'\\101\\'\\\"\\\\'", "A'\"\\"},
      {"'''it's'''", "it's"},
      {"'\\d'", "\\d"},
      {"\"\" 'x' ''''''", "x"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree gchar *text = g_strdup_printf("PROVIDES=[]\nVARIANTS = {'a': %s}", cases[i].literal);
    g_autoptr(Fixture) fixture = parsed(text);
    ck_assert_pstr_eq(fixture->problem, NULL);
    ck_assert_str_eq(fixture_variant(fixture, "a")->text, cases[i].text);
  }
}
END_TEST

#define UNREAD " is to be assigned by itself and at the very left, as it is read without being run"

START_TEST(what_is_wrong_with_a_header) {
  check_problem("", "fixtures/a.py: assigns neither PROVIDES nor IMPORTS");
  check_problem("SIGNS = ['a']\nif True:\n  PROVIDES = ['b']\n",
                "fixtures/a.py:3:3: PROVIDES" UNREAD);
  check_problem("PROVIDES = ['a']\nif True:\n  SIGNS = ['b']\n", "fixtures/a.py:3:3: SIGNS" UNREAD);
  check_problem("try:\n  import x\nexcept ImportError: IMPORTS = ['b']\n",
                "fixtures/a.py:3:21: IMPORTS" UNREAD);
  check_problem("NAMES = PROVIDES = ['a']", "fixtures/a.py:1:9: PROVIDES" UNREAD);
  check_problem("(PROVIDES, SIGNS) = ['a'], ['b']", "fixtures/a.py:1:2: PROVIDES" UNREAD);
  check_problem("PROVIDES = ['a']\nprint(NEEDS := {})", "fixtures/a.py:2:7: NEEDS" UNREAD);
  check_problem("from _names import PROVIDES", "fixtures/a.py:1:20: PROVIDES" UNREAD);
  check_problem("PROVIDES = ['a']\nfor BEHIND in 'a': pass", "fixtures/a.py:2:5: BEHIND" UNREAD);
  check_problem("PROVIDES = ['a']\ndef f():\n  SIGNS = PROVIDES\n  return SIGNS\n", NULL);
  check_problem("SIGNS = ['a']\nclass A:\n  PROVIDES = ['b']\n",
                "fixtures/a.py: assigns neither PROVIDES nor IMPORTS");
  check_problem("#\n\nPROVIDES = NAMES\n", "fixtures/a.py:3:12: PROVIDES is no list of names");
  check_problem("PROVIDES = 'Book'", "fixtures/a.py:1:12: PROVIDES is no list of names");
  check_problem("PROVIDES = ('Book')", "fixtures/a.py:1:12: PROVIDES is no list of names");
  check_problem("PROVIDES = [\n  'a',\n  b]", "fixtures/a.py:3:3: PROVIDES is no list of names");
  check_problem("PROVIDES = ['a'] + MORE", "fixtures/a.py:1:18: PROVIDES is no list of names");
  check_problem("PROVIDES = ['a'", "fixtures/a.py:1:13: PROVIDES is no list of names");
  check_problem("PROVIDES = ['a' for a in b]", "fixtures/a.py:1:17: PROVIDES is no list of names");
  check_problem("PROVIDES = {'a': 'b'}", "fixtures/a.py:1:12: PROVIDES is no list of names");
  check_problem("PROVIDES = ['a\n']",
                "fixtures/a.py:1:13: PROVIDES is no list of names: the string is not closed");
  check_problem("PROVIDES = [b'a']",
                "fixtures/a.py:1:13: PROVIDES is no list of names: bytes are no text");
  check_problem("PROVIDES = [f'a']", "fixtures/a.py:1:13: PROVIDES is no list of names: only plain "
                                     "strings are read here");
  check_problem("PROVIDES = ['\\ud800']", "fixtures/a.py:1:13: PROVIDES is no list of names: an "
                                          "escape in it means no character");
  check_problem("PROVIDES = ['a', 'b c']", "fixtures/a.py:1:18: PROVIDES: 'b c' is no name");
  check_problem("PROVIDES = ['class']", "fixtures/a.py:1:13: PROVIDES: 'class' is no name");
  check_problem("PROVIDES = ['']", "fixtures/a.py:1:13: PROVIDES: '' is no name");
  check_problem("PROVIDES = ['a', 'a']", "fixtures/a.py:1:18: PROVIDES has 'a' twice");
  check_problem("PROVIDES = ['a']\nPROVIDES = ['b']",
                "fixtures/a.py:2:1: PROVIDES is assigned twice");
  check_problem("PROVIDES = ['a']\nPROVIDES += ['b']",
                "fixtures/a.py:2:1: PROVIDES is to be assigned once, as it is read without being "
                "run");
  check_problem("PROVIDES = []\nIMPORTS = ['a..b']",
                "fixtures/a.py:2:12: IMPORTS: 'a..b' is no module's name");
  check_problem("PROVIDES = []\nNEEDS = {'a': 1}",
                "fixtures/a.py:2:15: NEEDS is no dictionary of modules and what to install");
  check_problem("PROVIDES = []\nNEEDS = ['a', 'b']",
                "fixtures/a.py:2:9: NEEDS is no dictionary of modules and what to install");
  check_problem("PROVIDES = []\nNEEDS = {'a': ''}",
                "fixtures/a.py:2:10: NEEDS does not say what to install for 'a'");
  check_problem("PROVIDES = []\nVARIANTS = {'a': 'x', 'b'}",
                "fixtures/a.py:2:23: VARIANTS is no dictionary of variants and texts");
  check_problem("PROVIDES = []\nVARIANTS = {'-x': ''}",
                "fixtures/a.py:2:13: VARIANTS: '-x' is no name of a variant: letters, digits, '_', "
                "'-'");
  check_problem("PROVIDES = []\nVARIANTS = {'a': 'x\\ny'}",
                "fixtures/a.py:2:13: VARIANTS: what stands for 'a' is no single line");
  check_problem("PROVIDES = []\nBEHIND = 'b'", "fixtures/a.py:2:10: BEHIND is no list of fixtures");
  check_problem("PROVIDES = []\nBEHIND = ['b/c.py']",
                "fixtures/a.py:2:11: BEHIND: 'b/c.py' is no fixture's name");
}
END_TEST

/* --- choosing ------------------------------------------------------------------------------ */

static const gchar library[] = "PROVIDES = ['Book', 'Author', 'book', 'user', 'models']\n"
                               "SIGNS = ['objects', 'models', 'save']\n"
                               "IMPORTS = ['django']\n"
                               "VARIANTS = {'one': '', 'two': ''}\n";
static const gchar shop[] = "PROVIDES = ['Book', 'Shop']\n";
static const gchar broken[] = "PROVIDES = ['Broken']\nVARIANTS = 3\n";

static GPtrArray *fixtures_of(const gchar *const *texts) {
  GPtrArray *fixtures = g_ptr_array_new_with_free_func((GDestroyNotify)fixture_free);
  for (guint i = 0; texts[2 * i] != NULL; i++) {
    g_autofree gchar *shown = g_strdup_printf("fixtures/%s.py", texts[2 * i]);
    const gchar *text = texts[2 * i + 1];
    g_ptr_array_add(fixtures, fixture_parse(texts[2 * i], shown, shown, text, strlen(text)));
  }
  return fixtures;
}

/* "library for Book (late)", one line a snippet; "-" for none. */
static gchar *choices_of(const Document *document) {
  GString *lines = g_string_new(NULL);
  for (guint i = 0; i < document->snippets->len; i++) {
    const FixtureChoice *choice = snippet_at(document, i)->choice;
    if (choice == NULL) {
      g_string_append(lines, "-\n");
      continue;
    }
    g_autofree gchar *names = g_strjoinv(" ", choice->names);
    ck_assert_int_eq(choice->fixture == NULL, choice->problem != NULL);
    g_string_append_printf(
        lines, "%s%s%s: %s%s%s\n",
        choice->problem != NULL ? choice->problem : choice->fixture->name,
        choice->variant != NULL ? "/" : "", choice->variant != NULL ? choice->variant : "", names,
        choice->is_late ? ", late" : "", choice->is_configured ? ", configured" : "");
  }
  return g_string_free(lines, FALSE);
}

static Document *document_of(const gchar *const *texts, const gchar *markdown,
                             GPtrArray **fixtures) {
  g_autoptr(GPtrArray) documents = g_ptr_array_new();
  g_autoptr(GError) error = NULL;
  Document *document = read_text(markdown);
  g_ptr_array_add(documents, document);
  *fixtures = fixtures_of(texts);
  gboolean is_fine = fixtures_choose(*fixtures, documents, &error);
  ck_assert_msg(is_fine, "%s", error != NULL ? error->message : "");
  return document;
}

static void check_choices(const gchar *const *texts, const gchar *markdown, const gchar *expected) {
  g_autoptr(GPtrArray) fixtures = NULL;
  g_autoptr(Document) document = document_of(texts, markdown, &fixtures);
  g_autofree gchar *choices = choices_of(document);
  ck_assert_msg(g_str_equal(choices, expected), "%s\ngives\n%swanted\n%s", markdown, choices,
                expected);
}

static void check_choice(const gchar *code, const gchar *expected) {
  static const gchar *const texts[] = {"library", library, NULL};
  g_autofree gchar *markdown = g_strdup_printf("```python\n%s\n```\n", code);
  g_autofree gchar *line = g_strdup_printf("%s\n", expected);
  check_choices(texts, markdown, line);
}

START_TEST(names_choose) {
  check_choice("books = Book.objects.all()", "library: Book");
  check_choice("author = models.ForeignKey(Author)\nclass Book(models.Model): pass",
               "library: Author models");
  check_choice("def f():\n    return f'{Book.objects.count()}'", "library: Book");
  check_choice("book.save()\nother()", "library: book");
  check_choice("[Book.objects for Book in Author]", "library: Author");
}
END_TEST

START_TEST(names_without_a_sign_do_not) {
  check_choice("print(book.title, user)", "-");
  check_choice("print(Book)  # objects", "-");
  check_choice("print(Book, 'objects')", "-");
  check_choice("objects = [Book]", "-");
  check_choice("for objects in Book: pass", "-");
  check_choice("from shop import *\nBook.objects.all()", "-");
  check_choice("class Book:\n    objects = []\nBook.objects", "-");
  check_choice("import models\nmodels.Model", "-");
  check_choice("x = {'Book': 1}\nx.objects(Book=2)\nx.user", "-");
  check_choice("def total(self):\n    return self.objects[book]", "-");
  check_choice("pile(book, objects=[])", "-");
  check_choice("book.self.objects, pile(book, f(objects = 1))", "-");
}
END_TEST

START_TEST(a_sign_may_be_an_argument) {
  static const gchar *const texts[] = {
      "a", "PROVIDES = ['book']\nSIGNS = ['fields=', 'objects', 'models=', 'models']\n", NULL};
  check_choices(texts, "```python\nbook.save(fields=[])\n```\n", "a: book\n");
  check_choices(texts, "```python\nbook.save(1, fields = [])\n```\n", "a: book\n");
  check_choices(texts, "```python\nbook.fields\n```\n", "-\n");
  check_choices(texts, "```python\nbook.save(fields == 3)\n```\n", "-\n");
  check_choices(texts, "```python\nbook.save(objects=3)\n```\n", "-\n");
  check_choices(texts, "```python\nbook.save(models=3)\n```\n", "a: book\n");
  check_choices(texts, "```python\nbook.self.x, f(models)\n```\n", "a: book\n");
  check_choices(texts, "```python\nbook.objects = 3\n```\n", "a: book\n");
}
END_TEST

static void check_passed_over(const gchar *markdown, const gchar *expected) {
  static const gchar *const texts[] = {
      "front", "PROVIDES = ['book', 'user']\nSIGNS = ['view']\nBEHIND = ['library']\n", "library",
      library, NULL};
  g_autoptr(GPtrArray) fixtures = NULL;
  g_autoptr(Document) document = document_of(texts, markdown, &fixtures);
  const Snippet *last = snippet_at(document, document->snippets->len - 1);
  ck_assert_pstr_eq(last->passed_over != NULL ? last->passed_over->name : NULL, expected);
}

START_TEST(what_is_passed_over_is_known) {
  check_passed_over("```python\nprint(book.title)\n```\n", "library");
  check_passed_over("```python\nprint(book, Author)\n```\n", "library");
  check_passed_over("```python\nbook.save()\n```\n", NULL);
  check_passed_over("```python\nbook = 3\n```\n", NULL);
  check_passed_over("```python\nprint(other)\n```\n", NULL);
  check_passed_over("```python\nprint(book.view)\n```\n", NULL);
  check_passed_over("# One\n```python\nbook = 3\n```\n```python\nprint(book)\n```\n", NULL);
}
END_TEST

START_TEST(imports_choose) {
  check_choice("import django", "library: import django");
  check_choice("import os, django.db.models as m", "library: import django");
  check_choice("def f():\n    from django.db import (transaction,)\n    book.delete()",
               "library: book import django");
  check_choice("try: import django\nexcept ImportError: pass", "library: import django");
  check_choice("from .django import x", "-");
  check_choice("import djangorest, my.django", "-");
  check_choice("print('import django')", "-");
  check_choice("from django.db.models import *\nBook.pk", "library: Book import django");
}
END_TEST

START_TEST(an_import_of_a_part) {
  static const gchar *const texts[] = {"a", "IMPORTS = ['x.y']", NULL};
  check_choices(texts,
                "```python\nimport x\n```\n```python\nfrom x import y\n```\n"
                "```python\nimport x.y.z, x.y\n```\n```python\nimport x.yz\n```\n",
                "-\na: import x.y\na: import x.y\n-\n");
}
END_TEST

START_TEST(sessions_too) {
  check_choice(">>> Book.objects.all()\n[<Book>]\n>>> models", "library: Book models");
  check_choice(">>> 1\nBook.objects", "-");
}
END_TEST

START_TEST(what_earlier_blocks_bind) {
  static const gchar *const texts[] = {"library", library, NULL};
  /* Under the same heading it does not count; under another it is late. */
  check_choices(texts,
                "# 1. One\n```python\nclass Book: objects = 1\n```\n"
                "```python\nBook.objects\n```\n```python\nBook.objects, Author\n```\n"
                "# 2. Two\n```python\nBook.objects\n```\n"
                "# 3. Three\n```python\nuser.save()\n```\n```python\nfor user in (): pass\n```\n"
                "```python\nuser.save()\n```\n",
                "-\n-\nlibrary: Author\nlibrary: Book, late\nlibrary: user\n-\n-\n");
  /* What only a function binds is not there for others. */
  check_choices(
      texts,
      "# 1. One\n```python\ndef f(user):\n    Book = 1\nclass C:\n    book = 1\n"
      "[models for models in ()]\n```\n```python\nBook.objects, user, book, models\n```\n",
      "-\nlibrary: Book book models user\n");
}
END_TEST

START_TEST(every_way_to_bind) {
  static const gchar *const texts[] = {"a", "PROVIDES = ['n']", NULL};
  static const gchar *const binds[] = {
      "n = 1",
      "m = n = 1",
      "a, (b, *n) = 1, (2, 3)",
      "[a, n] = 1, 2",
      "n: int = 3",
      "x = 1; n = 2",
      "if (n := 1): pass",
      "print(n := 1)",
      "for a, n in (): pass",
      "for a in (): n = 1",
      "if 1: n = 1",
      "with open('x') as n: pass",
      "with (open('x') as a, open('y') as n):\n    pass",
      "try: pass\nexcept ValueError as n: pass",
      "try: pass\nexcept ValueError: n = 1",
      "else_ = 1\nif 1:\n    pass\nelse:\n    n = 1",
      "import n",
      "import n.m",
      "import a as n, b",
      "from a import b, n",
      "from a import (\n    b as n,\n)",
      "from . import n",
      "def n(): pass",
      "async def n(): pass",
      "class n: pass",
      "@print\ndef n(): pass",
      "f = lambda x: x; n = 1",
  };
  static const gchar *const leaves[] = {
      "o.n = 1",
      "n.a = o = 1",
      "d[n] = 1",
      "f(n=1)",
      "lambda n: n",
      "f = lambda n=1: n",
      "import a.n",
      "import n as m",
      "from n import a",
      "x: n = 1",
      "def f(n): n = 1",
      "class A: n = 1",
      "n == 1",
      "from a import n as m",
      "class A:\n    def n(self): pass",
      "f(x)[n] = 1",
      "n[0] = 1",
      "[n for n in ()]",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(binds) + G_N_ELEMENTS(leaves); i++) {
    gboolean is_bound = i < G_N_ELEMENTS(binds);
    const gchar *code = is_bound ? binds[i] : leaves[i - G_N_ELEMENTS(binds)];
    g_autofree gchar *text =
        g_strdup_printf("```python\n%s\n```\n```python\nprint(n)\n```\n", code);
    g_autoptr(GPtrArray) fixtures = NULL;
    g_autoptr(Document) document = document_of(texts, text, &fixtures);
    ck_assert_uint_eq(document->snippets->len, 2);
    ck_assert_msg((snippet_at(document, 1)->choice == NULL) == is_bound, "%s", code);
  }
}
END_TEST

START_TEST(of_several_the_one_with_most) {
  static const gchar *const texts[] = {"broken", broken, "library", library, "shop", shop, NULL};
  check_choices(texts,
                "```python\nBook, Shop\n```\n```python\nBook.objects, Author\n```\n"
                "```python\nBook.objects\n```\n```python\nBroken\n```\n",
                "shop: Book Shop\nlibrary: Author Book\n"
                "'Book' is provided by fixtures/library.py and fixtures/shop.py: say in bank.yaml "
                "which is meant: Book\n"
                "fixtures/broken.py:2:12: VARIANTS is no dictionary of variants and texts: "
                "Broken\n");
  check_choices(texts, "```python\nAuthor.objects, Shop\n```\n",
                "'Author' is provided by fixtures/library.py, 'Shop' by fixtures/shop.py: say in "
                "bank.yaml which is meant: Author\n");
}
END_TEST

/* Whatever order they are in: none of the three is named as another's rival. */
START_TEST(one_behind_another) {
  static const gchar first[] = "PROVIDES = ['Blog', 'Tag', 'models']\nBEHIND = ['m', 'z', '?']\n";
  static const gchar second[] = "PROVIDES = ['Book', 'Tag', 'models']\n";
  static const gchar third[] = "PROVIDES = ['Shop', 'Tag', 'models']\nBEHIND = ['m']\n";
  static const gchar *const orders[][7] = {{"a", first, "m", second, "z", third, NULL},
                                           {"z", third, "a", first, "m", second, NULL},
                                           {"m", second, "z", third, "a", first, NULL}};
  for (gsize i = 0; i < G_N_ELEMENTS(orders); i++) {
    check_choices(orders[i],
                  "```python\nmodels.Tag\n```\n```python\nBlog, models\n```\n"
                  "```python\nBook, Shop\n```\n```python\nBlog, Shop, Tag\n```\n",
                  "m: models\na: Blog models\nm: Book\nz: Shop Tag\n");
    g_autoptr(GPtrArray) fixtures = fixtures_of(orders[i]);
    g_autoptr(GPtrArray) lines = fixtures_conflicts(fixtures);
    ck_assert_uint_eq(lines->len, 0);
  }
}
END_TEST

START_TEST(conflicts_in_words) {
  static const gchar *const texts[] = {
      "library", library, "other", "PROVIDES = ['Book']\nSIGNS = ['request']\n",
      "shop",    shop,    NULL};
  g_autoptr(GPtrArray) fixtures = fixtures_of(texts);
  g_autoptr(GPtrArray) lines = fixtures_conflicts(fixtures);
  ck_assert_uint_eq(lines->len, 1);
  ck_assert_str_eq(g_ptr_array_index(lines, 0),
                   "'Book' is provided by fixtures/library.py, fixtures/other.py and "
                   "fixtures/shop.py: where none has more of a snippet's names, bank.yaml has to "
                   "say which is meant");
}
END_TEST

/* Of those that provide a name only the ones that a snippet can be torn between. */
START_TEST(conflicts_are_those_that_nothing_settles) {
  static const gchar *const texts[] = {
      "a", "PROVIDES = ['x', 'y', 'z', 'one', 'two']\nSIGNS = ['s']\n",
      "b", "PROVIDES = ['x', 'y', 'z', 'one', 'two']\nSIGNS = ['s', 't']\n",
      "c", "PROVIDES = ['x', 'y']\nSIGNS = ['u']\n",
      "d", "PROVIDES = ['x', 'own']\nBEHIND = ['a', 'b', 'c']\n",
      NULL};
  static const gchar *const expected[] = {"'x' is provided by fixtures/a.py and fixtures/b.py: ",
                                          "'y' is provided by fixtures/a.py and fixtures/b.py: ",
                                          "'z', 'one' and 'two' are provided by fixtures/a.py "};
  g_autoptr(GPtrArray) fixtures = fixtures_of(texts);
  g_autoptr(GPtrArray) lines = fixtures_conflicts(fixtures);
  ck_assert_uint_eq(lines->len, G_N_ELEMENTS(expected));
  for (guint i = 0; i < lines->len; i++)
    ck_assert(g_str_has_prefix(g_ptr_array_index(lines, i), expected[i]));
}
END_TEST

START_TEST(many_conflicts_are_few_lines) {
  g_autoptr(GPtrArray) fixtures = g_ptr_array_new_with_free_func((GDestroyNotify)fixture_free);
  for (guint i = 0; i < 2000; i++) {
    g_autofree gchar *name = g_strdup_printf("f%04u", i);
    g_autofree gchar *text = g_strdup_printf("PROVIDES = ['a', 'b', 'own%u', 'c%u']", i, i % 7);
    g_ptr_array_add(fixtures, fixture_parse(name, name, name, text, strlen(text)));
  }
  g_autoptr(GPtrArray) lines = fixtures_conflicts(fixtures);
  ck_assert_uint_eq(lines->len, 8);
  ck_assert(g_str_has_prefix(g_ptr_array_index(lines, 0),
                             "'a' and 'b' are provided by f0000, f0001, "
                             "f0002 and 1997 more: "));
}
END_TEST

static const gchar settled[] = "```python\nBook.objects\n```\n```python\nprint(1)\n```\n";

/* The choices of `settled` where its first snippet has these settings. */
static void check_settings(const Settings *settings, const gchar *expected, const gchar *message) {
  static const gchar *const texts[] = {"broken", broken, "library", library, NULL};
  g_autoptr(GPtrArray) fixtures = fixtures_of(texts), documents = g_ptr_array_new();
  g_autoptr(Document) document = read_text(settled);
  g_autoptr(GError) error = NULL;
  for (guint i = 0; i < document->snippets->len; i++) {
    Snippet *snippet = g_ptr_array_index(document->snippets, i);
    snippet->settings = settings_new();
    settings_override(snippet->settings, settings);
  }
  g_ptr_array_add(documents, document);
  gboolean is_fine = fixtures_choose(fixtures, documents, &error);
  ck_assert_int_eq(is_fine, message == NULL);
  if (message != NULL) {
    ck_assert(g_error_matches(error, CONFIG_ERROR, CONFIG_ERROR_NAMES));
    ck_assert_str_eq(error->message, message);
    ck_assert_ptr_null(snippet_at(document, 0)->choice);
    return;
  }
  g_autofree gchar *choices = choices_of(document);
  ck_assert_str_eq(choices, expected);
}

#define SAYS(...)                                                                                  \
  (&(Settings){.fixture_place = (gchar *)"bank.yaml:4:5",                                          \
               .variant_place = (gchar *)"bank.yaml:6:7",                                          \
               __VA_ARGS__})

START_TEST(settings_decide) {
  check_settings(SAYS(.fixture = (gchar *)"none"), "-\n-\n", NULL);
  check_settings(SAYS(.fixture = (gchar *)"library", .variant = (gchar *)"two"),
                 "library/two: Book, configured\nlibrary/two: , configured\n", NULL);
  check_settings(SAYS(.variant = (gchar *)"two"), "library/two: Book\n-\n", NULL);
  check_settings(SAYS(.fixture = (gchar *)"broken"),
                 "fixtures/broken.py:2:12: VARIANTS is no dictionary of variants and texts: "
                 ", configured\n"
                 "fixtures/broken.py:2:12: VARIANTS is no dictionary of variants and texts: "
                 ", configured\n",
                 NULL);
  check_settings(SAYS(.fixture = (gchar *)"libary"), NULL,
                 "bank.yaml:4:5: there is no fixture 'libary': did you mean 'library'?");
  check_settings(SAYS(.fixture = (gchar *)"library", .variant = (gchar *)"three"), NULL,
                 "bank.yaml:6:7: the fixture 'library' has no variant 'three'");
}
END_TEST

/* --- folders ---------------------------------------------------------------------------------- */

static void write_file(const gchar *folder, const gchar *path, const gchar *text) {
  g_autofree gchar *whole = g_build_filename(folder, path, NULL);
  g_autofree gchar *parent = g_path_get_dirname(whole);
  ck_assert_int_eq(g_mkdir_with_parents(parent, 0700), 0);
  ck_assert(g_file_set_contents(whole, text, -1, NULL));
}

static void remove_tree(const gchar *path) {
  g_autoptr(GDir) listing = g_dir_open(path, 0, NULL);
  for (const gchar *name; listing != NULL && (name = g_dir_read_name(listing)) != NULL;) {
    g_autofree gchar *below = g_build_filename(path, name, NULL);
    if (g_file_test(below, G_FILE_TEST_IS_DIR) && !g_file_test(below, G_FILE_TEST_IS_SYMLINK))
      remove_tree(below);
    else
      g_unlink(below);
  }
  g_rmdir(path);
}

static gchar *found_for(const gchar *folder, const gchar *document_path) {
  g_autofree gchar *path = g_build_filename(folder, document_path, NULL);
  g_autoptr(Document) document = document_new(path, "x");
  g_autoptr(GPtrArray) documents = g_ptr_array_new();
  g_ptr_array_add(documents, document);
  g_autofree gchar *found = fixtures_find_folder(files_disk(), documents);
  if (found == NULL || !g_str_has_prefix(found, folder))
    return NULL;
  return g_strdup(found + strlen(folder) + 1);
}

START_TEST(where_they_are) {
  g_autofree gchar *folder = g_dir_make_tmp("proctor-fixtures-XXXXXX", NULL);
  write_file(folder, "fixtures/b.py", "PROVIDES = ['b']\n");
  write_file(folder, "fixtures/a.py", "PROVIDES = 3\n");
  write_file(folder, "fixtures/_helper.py", "PROVIDES = ['h']\n");
  write_file(folder, "fixtures/.hidden.py", "PROVIDES = ['h']\n");
  write_file(folder, "fixtures/conftest.py", "import pytest\n");
  write_file(folder, "fixtures/notes.txt", "PROVIDES = ['h']\n");
  write_file(folder, "fixtures/package.py/c.py", "PROVIDES = ['c']\n");
  write_file(folder, "app/fixtures/data.json", "{}");
  write_file(folder, "more/b.py", "PROVIDES = ['other']\n");
  write_file(folder, "more/d.py", "PROVIDES = ['d']\n");

  g_autofree gchar *beside = found_for(folder, "x.md");
  g_autofree gchar *above = found_for(folder, "app/deep/x.md");
  ck_assert_pstr_eq(beside, "fixtures");
  ck_assert_pstr_eq(above, "fixtures");

  g_autofree gchar *first = g_build_filename(folder, "fixtures", NULL);
  g_autofree gchar *second = g_build_filename(folder, "more", NULL);
  g_autofree gchar *again = g_build_filename(folder, "more", "..", "fixtures", "", NULL);
  const gchar *const folders[] = {first, second, first, again, second, NULL};
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) fixtures = fixtures_read(files_disk(), folders, &error);
  ck_assert_ptr_nonnull(fixtures);
  ck_assert_uint_eq(fixtures->len, 3);
  const Fixture *a = g_ptr_array_index(fixtures, 0), *b = g_ptr_array_index(fixtures, 1);
  ck_assert_str_eq(a->name, "a");
  ck_assert_ptr_nonnull(strstr(a->problem, "fixtures/a.py:1:12: PROVIDES is no list of names"));
  check_list(b->provides, "b");
  ck_assert(g_path_is_absolute(b->path));

  const gchar *const absent[] = {"/nowhere/at/all", NULL};
  ck_assert_ptr_null(fixtures_read(files_disk(), absent, &error));
  ck_assert(g_error_matches(error, BANK_ERROR, BANK_ERROR_MISSING));
  remove_tree(folder);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {a_whole_header,
                                a_short_header,
                                strings_as_python_reads_them,
                                what_is_wrong_with_a_header,
                                names_choose,
                                names_without_a_sign_do_not,
                                a_sign_may_be_an_argument,
                                what_is_passed_over_is_known,
                                imports_choose,
                                an_import_of_a_part,
                                sessions_too,
                                what_earlier_blocks_bind,
                                every_way_to_bind,
                                of_several_the_one_with_most,
                                one_behind_another,
                                conflicts_in_words,
                                conflicts_are_those_that_nothing_settles,
                                many_conflicts_are_few_lines,
                                settings_decide,
                                where_they_are,
                                NULL};
  return run_case("fixtures", tests);
}
