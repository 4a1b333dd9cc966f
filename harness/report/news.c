#include "report/news.h"

#include <string.h>

#include "report/problems.h"
#include "report/text.h"

static gboolean is_wrong(VerdictClass class) {
  return class != VERDICT_VERIFIED && class != VERDICT_RAN && class != VERDICT_SKIPPED;
}

/* "waits at line 19" as "waits at line #". */
static void append_unnumbered(GString *words, const gchar *sentence) {
  for (const gchar *at = sentence; *at != '\0';) {
    if (g_str_has_prefix(at, "line ") && g_ascii_isdigit(at[5])) {
      g_string_append(words, "line #");
      at += 5 + strspn(at + 5, "0123456789");
    } else {
      g_string_append_c(words, *at++);
    }
  }
}

Mark *mark_new(const Snippet *snippet, const Transcript *transcript, const Verdict *verdict) {
  g_autoptr(GPtrArray) problems = problems_of_verdict(snippet, transcript, verdict, FALSE);
  g_autoptr(GString) words = g_string_new(NULL);
  for (guint i = 0; i < problems->len; i++) {
    const ProblemLine *problem = g_ptr_array_index(problems, i);
    g_string_append_printf(words, "%u ", problem->class);
    append_unnumbered(words, problem->sentence);
    g_string_append_c(words, '\n');
  }
  if (verdict->expectation == EXPECTATION_DIFFERS && verdict->difference != NULL)
    g_string_append(words, verdict->difference);
  Mark *mark = g_new(Mark, 1);
  *mark = (Mark){.class = verdict->class, .words = g_strdup(words->str)};
  return mark;
}

void mark_free(gpointer data) {
  Mark *mark = data;
  if (mark == NULL)
    return;
  g_free(mark->words);
  g_free(mark);
}

static void append_line(GString *text, const Snippet *snippet, guint line, VerdictClass class,
                        const gchar *sentence, gboolean use_colour) {
  g_autofree gchar *path = text_one_line(snippet->document->path, -1, 0);
  const gchar *colour = class == VERDICT_VERIFIED                              ? "\033[32m"
                        : verdict_class_fails(class) || class == VERDICT_INFRA ? "\033[31m"
                                                                               : "\033[33m";
  g_string_append_printf(text, "%s%s:%u:%s %s%s%s%s%s\n", use_colour ? "\033[1m" : "", path, line,
                         use_colour ? "\033[0m" : "", use_colour ? colour : "",
                         verdict_class_name(class), use_colour ? "\033[0m" : "",
                         *sentence != '\0' ? ": " : "", sentence);
}

static void append_problems(GString *text, const Snippet *snippet, const Transcript *transcript,
                            const Verdict *verdict, gboolean use_colour) {
  g_autoptr(GPtrArray) problems = problems_of_verdict(snippet, transcript, verdict, FALSE);
  for (guint i = 0; i < problems->len; i++) {
    const ProblemLine *problem = g_ptr_array_index(problems, i);
    append_line(text, snippet, problem->line, problem->class, problem->sentence, use_colour);
    if (problem->code != NULL)
      g_string_append_printf(text, "%5u | %s\n", problem->line, problem->code);
  }
}

gchar *news_of(const Mark *before, const Mark *now, const Snippet *snippet,
               const Transcript *transcript, const Verdict *verdict, gboolean tells_all,
               gboolean use_colour) {
  if (before != NULL && before->class == now->class && strcmp(before->words, now->words) == 0)
    return NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  if (before != NULL && before->class != now->class && !is_wrong(now->class)) {
    g_autofree gchar *was = g_strdup_printf("it was %s", verdict_class_name(before->class));
    append_line(text, snippet, snippet->first_line, now->class, was, use_colour);
  } else if (before == NULL && tells_all && !is_wrong(now->class)) {
    append_line(text, snippet, snippet->first_line, now->class, "it is new", use_colour);
  }
  append_problems(text, snippet, transcript, verdict, use_colour);
  return text->len > 0 ? g_strdup(text->str) : NULL;
}

gchar *news_counts(const guint *counts) {
  GString *text = g_string_new(NULL);
  for (guint class = 0; class < VERDICT_CLASSES; class ++)
    if (counts[class] > 0)
      g_string_append_printf(text, "%s%u %s", text->len > 0 ? ", " : "", counts[class],
                             verdict_class_name((VerdictClass) class));
  return g_string_free(text, FALSE);
}
