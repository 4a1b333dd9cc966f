/* Any bytes are tokens: nothing is lost between them but blanks, lines only
 * grow, and the shape of the whole can be asked for. */
#include <stdint.h>
#include <string.h>

#include "bank/looks_like_python.h"
#include "bank/python_tokens.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0)
    return 0;
  /* Exactly as long as it is, so that a read beyond its end is seen. */
  g_autofree gchar *source = g_memdup2(data, size);
  const gchar *at = source;
  guint line = 1;
  PythonScanner scanner;
  PythonToken token;
  python_scanner_init(&scanner, source, size);
  while (python_scanner_next(&scanner, &token)) {
    for (; at < token.start; at++)
      if (strchr(" \t\f\v\r", *at) == NULL)
        g_error("lost '%c'", *at);
    if (token.start != at || token.line < line || token.last_line < token.line)
      g_error("token out of place");
    if (token.length == 0 && token.kind != TOKEN_NEWLINE)
      g_error("empty token");
    at = token.start + token.length;
    line = token.last_line;
  }
  looks_like_python(source, size);
  return 0;
}
