#include "model/document.h"

#include "model/snippet.h"

Document *document_new(const gchar *path, const gchar *name) {
  Document *document = g_new0(Document, 1);
  document->path = g_strdup(path);
  document->name = g_strdup(name);
  document->questions = g_ptr_array_new_with_free_func((GDestroyNotify)question_free);
  document->snippets = g_ptr_array_new_with_free_func((GDestroyNotify)snippet_free);
  document->remarks = g_ptr_array_new_with_free_func((GDestroyNotify)remark_free);
  return document;
}

void document_free(Document *document) {
  if (document == NULL)
    return;
  g_free(document->path);
  g_free(document->name);
  g_ptr_array_unref(document->snippets);
  g_ptr_array_unref(document->questions);
  g_ptr_array_unref(document->remarks);
  g_free(document);
}

Question *question_new(const gchar *number, const gchar *title, const gchar *const *section,
                       guint line) {
  static const gchar *const no_section[] = {NULL};
  Question *question = g_new0(Question, 1);
  question->number = g_strdup(number);
  question->title = g_strdup(title);
  question->section = g_strdupv((gchar **)(section != NULL ? section : no_section));
  question->line = line;
  question->last_line = line;
  return question;
}

void question_free(Question *question) {
  if (question == NULL)
    return;
  g_free(question->number);
  g_free(question->title);
  g_strfreev(question->section);
  if (question->listed != NULL)
    g_ptr_array_unref(question->listed);
  g_free(question);
}

static void listed_free(gpointer data) {
  Listed *listed = data;
  g_free(listed->number);
  g_free(listed->title);
  g_free(listed);
}

void question_list(Question *question, guint line, const gchar *number, const gchar *title) {
  if (question->listed == NULL)
    question->listed = g_ptr_array_new_with_free_func(listed_free);
  Listed *listed = g_new0(Listed, 1);
  *listed = (Listed){line, g_strdup(number), g_strdup(title)};
  g_ptr_array_add(question->listed, listed);
}

void document_remark(Document *document, RemarkKind kind, guint line, guint column,
                     gchar *message) {
  Remark *remark = g_new0(Remark, 1);
  remark->kind = kind;
  remark->line = line;
  remark->column = column;
  remark->message = message;
  g_ptr_array_add(document->remarks, remark);
}

void remark_free(Remark *remark) {
  if (remark == NULL)
    return;
  g_free(remark->message);
  g_free(remark);
}
