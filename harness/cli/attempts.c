#include "cli/attempts.h"

void attempt_fill(guint attempt, const Snippet *subject, GPtrArray *prelude, RunRequest *request) {
  enum { ALONE, HEADING, DOCUMENT, AS_IT_IS };
  g_ptr_array_set_size(prelude, 0);
  for (guint i = 0; attempt == HEADING || attempt == DOCUMENT; i++) {
    const Snippet *snippet = g_ptr_array_index(subject->document->snippets, i);
    if (snippet == subject)
      break;
    if (attempt == DOCUMENT || snippet->question == subject->question)
      g_ptr_array_add(prelude, (gpointer)snippet);
  }
  request->snippet = subject;
  request->prelude = (const Snippet *const *)prelude->pdata;
  request->prelude_count = prelude->len;
  request->hold_back = attempt < AS_IT_IS;
}
