/*
 * Any bytes as a bank.yaml: it is refused with a place in it, or gives its settings to documents,
 * and changes nothing where it cannot.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bank/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libFuzzer keeps the input where a program aborts, and not where g_error() traps. */
#define MUST(condition)                                                                            \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      g_printerr("%s\n", #condition);                                                              \
      abort();                                                                                     \
    }                                                                                              \
  } while (0)

/* "/bank/bank.yaml:3:5: ..." with a line that the file has, or the one behind it. */
static void check_error(const GError *error, const gchar *text, gsize size) {
  static const gchar prefix[] = "/bank/bank.yaml:";
  guint64 lines = 2;
  for (gsize i = 0; i < size; i++)
    lines += text[i] == '\n' || text[i] == '\r' || (guchar)text[i] >= 0x80;
  MUST(error->domain == CONFIG_ERROR && g_str_has_prefix(error->message, prefix));
  guint64 line = g_ascii_strtoull(error->message + strlen(prefix), NULL, 10);
  MUST(line >= 1 && line <= lines);
}

static void check_settings(const Settings *settings) {
  MUST((settings->fixture != NULL) == (settings->fixture_place != NULL));
  MUST((settings->variant != NULL) == (settings->variant_place != NULL));
  MUST(settings->skip == NULL || *settings->skip != '\0');
  MUST(settings->wall_ms <= 86400000u);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const gchar material[] = "# Top\n```python\n1\n```\n# 1. One\n```python\n2\n```\n";
  static const gchar *const names[] = {"a", "deep/b"};
  g_autoptr(GError) error = NULL;
  g_autofree gchar *text = g_memdup2(data, size);
  g_autoptr(Config) config = config_parse(files_disk(), "/bank/bank.yaml", text, size, &error);
  if (config == NULL) {
    check_error(error, text, size);
    return 0;
  }
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func((GDestroyNotify)document_free);
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree gchar *path = g_strdup_printf("/bank/%s.md", names[i]);
    g_ptr_array_add(documents, bank_parse(path, names[i], material, strlen(material)));
  }
  gboolean is_fine = config_apply(config, documents, &error);
  if (!is_fine)
    check_error(error, text, size);
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    for (guint k = 0; k < document->snippets->len; k++) {
      const Snippet *snippet = g_ptr_array_index(document->snippets, k);
      MUST(is_fine || snippet->settings == NULL);
      if (snippet->settings != NULL)
        check_settings(snippet->settings);
    }
  }
  return 0;
}
