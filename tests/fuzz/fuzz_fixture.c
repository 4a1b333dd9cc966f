/*
 * Any bytes as a fixture: its header is read, and what must be true of every header is checked. The
 * same bytes are a document whose snippets choose among it and another.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bank/config.h"
#include "bank/fixtures.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libFuzzer keeps the input where a program aborts, and not where g_error() traps. */
#define MUST(condition)                                                                            \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      g_printerr("%s\n", #condition);                                                              \
      abort();                                                                                     \
    }                                                                                              \
  } while (0)

static void check_names(GStrv names) {
  for (; *names != NULL; names++)
    MUST(**names != '\0' && g_utf8_validate(*names, -1, NULL) && strpbrk(*names, " \n\t'") == NULL);
}

static void check_fixture(const Fixture *fixture) {
  check_names(fixture->provides);
  check_names(fixture->signs);
  check_names(fixture->imports);
  MUST(g_utf8_validate(fixture->summary, -1, NULL) && strchr(fixture->summary, '\n') == NULL);
  MUST(fixture->problem == NULL || g_str_has_prefix(fixture->problem, "a.py:"));
  for (guint i = 0; i < fixture->variants->len; i++) {
    const FixtureVariant *variant = g_ptr_array_index(fixture->variants, i);
    MUST(*variant->name != '\0' && *variant->name != '-');
    MUST(strchr(variant->text, '\n') == NULL);
  }
}

static void check_choice(const FixtureChoice *choice) {
  MUST((choice->fixture == NULL) == (choice->problem != NULL));
  MUST(choice->names != NULL && choice->names[0] != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const gchar other[] = "PROVIDES = ['Book', 'n', 'x']\nSIGNS = ['objects']\n"
                               "IMPORTS = ['django', 'a.b']\n";
  g_autoptr(GPtrArray) fixtures = g_ptr_array_new_with_free_func((GDestroyNotify)fixture_free);
  /* Exactly as long as it is, so that a read beyond its end is seen. */
  g_autofree gchar *text = g_memdup2(data, size);
  g_ptr_array_add(fixtures, fixture_parse("a", "/a.py", "a.py", text, size));
  g_ptr_array_add(fixtures, fixture_parse("b", "/b.py", "b.py", other, strlen(other)));
  check_fixture(g_ptr_array_index(fixtures, 0));
  g_autoptr(GPtrArray) conflicts = fixtures_conflicts(fixtures);
  MUST(conflicts->len <= 1);

  g_autoptr(GString) markdown = g_string_new("```python\n");
  g_string_append_len(markdown, size > 0 ? text : "", (gssize)size);
  g_autoptr(Document) document = bank_parse("d.md", "d", markdown->str, markdown->len);
  g_autoptr(GPtrArray) documents = g_ptr_array_new();
  g_ptr_array_add(documents, document);
  MUST(fixtures_choose(fixtures, documents, NULL));
  for (guint i = 0; i < document->snippets->len; i++) {
    const Snippet *snippet = g_ptr_array_index(document->snippets, i);
    if (snippet->choice != NULL)
      check_choice(snippet->choice);
  }
  return 0;
}
