/* Stands in for libFuzzer: runs a target over files and the files of folders. */
#include <glib.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static guint replay(const gchar *path) {
  g_autofree gchar *bytes = NULL;
  gsize size;
  if (!g_file_get_contents(path, &bytes, &size, NULL))
    return 0;
  LLVMFuzzerTestOneInput((const uint8_t *)bytes, size);
  return 1;
}

int main(int argc, char **argv) {
  guint count = 0;
  for (int i = 1; i < argc; i++) {
    GDir *folder = g_dir_open(argv[i], 0, NULL);
    if (folder == NULL) {
      count += replay(argv[i]);
      continue;
    }
    for (const gchar *name; (name = g_dir_read_name(folder)) != NULL;) {
      g_autofree gchar *path = g_build_filename(argv[i], name, NULL);
      count += replay(path);
    }
    g_dir_close(folder);
  }
  g_print("%u inputs\n", count);
  return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
