#include "report/html_outline.h"

static void question_clear(gpointer data) {
  HtmlQuestion *question = data;
  if (question->notes != NULL)
    g_ptr_array_unref(question->notes);
}

static void section_free(gpointer data) {
  HtmlSection *section = data;
  g_free(section->title);
  g_array_unref(section->questions);
  g_free(section);
}

static void document_entry_free(gpointer data) {
  HtmlDocument *entry = data;
  g_free(entry->title);
  g_ptr_array_unref(entry->sections);
  g_free(entry);
}

typedef struct {
  const HtmlOutlineSource *source;
  GHashTable *notes; /* Question * to GPtrArray * of HealthNote * */
  HtmlDocument *entry;
  HtmlSection *section; /* that is open */
  guint place;          /* of the next snippet */
} Reader;

static void read_notes(Reader *reader) {
  const Health *health = reader->source->health;
  for (guint i = 0; health != NULL && i < health->notes->len; i++) {
    HealthNote *note = g_ptr_array_index(health->notes, i);
    if (note->question == NULL || note->kind == HEALTH_NO_CHECK)
      continue;
    GPtrArray *notes = g_hash_table_lookup(reader->notes, note->question);
    if (notes == NULL) {
      notes = g_ptr_array_new();
      g_hash_table_insert(reader->notes, (gpointer)note->question, notes);
    }
    g_ptr_array_add(notes, note);
  }
}

/* Takes title over. */
static void open_section(Reader *reader, gchar *title) {
  if (reader->section != NULL && g_str_equal(reader->section->title, title)) {
    g_free(title);
    return;
  }
  reader->section = g_new0(HtmlSection, 1);
  reader->section->title = title;
  reader->section->questions = g_array_new(FALSE, TRUE, sizeof(HtmlQuestion));
  g_array_set_clear_func(reader->section->questions, question_clear);
  g_ptr_array_add(reader->entry->sections, reader->section);
}

/* Nothing is to be shown of a heading that only stands over others. */
static gboolean is_shown(const Reader *reader, const Question *question, guint snippets) {
  const Health *health = reader->source->health;
  return snippets > 0 || (health != NULL && g_hash_table_contains(health->of, question));
}

static guint32 bits_of(const HtmlQuestion *question, const guint8 *classes) {
  guint32 bits = 0;
  for (guint place = question->first; place < question->last; place++)
    bits |= classes[place] < VERDICT_CLASSES ? 1u << classes[place] : HTML_LEFT_OUT;
  for (guint i = 0; question->notes != NULL && i < question->notes->len; i++) {
    const HealthNote *note = g_ptr_array_index(question->notes, i);
    bits |= note->kind == HEALTH_NO_ANSWER    ? HTML_NO_ANSWER
            : note->kind == HEALTH_NO_SNIPPET ? HTML_NO_SNIPPET
                                              : 0;
  }
  return bits;
}

/* Takes the snippets of a question that come next. */
static void read_question(Reader *reader, const Question *question) {
  const Document *document = reader->entry->document;
  guint begin = order_place_of_line(reader->source->order, document, 1);
  HtmlQuestion entry = {.question = question, .first = reader->place};
  while (reader->place - begin < document->snippets->len) {
    const Snippet *snippet = g_ptr_array_index(document->snippets, reader->place - begin);
    if (snippet->question != question)
      break;
    reader->place++;
  }
  entry.last = reader->place;
  GPtrArray *notes = question != NULL ? g_hash_table_lookup(reader->notes, question) : NULL;
  entry.notes = notes != NULL ? g_ptr_array_ref(notes) : NULL;
  guint snippets = entry.last - entry.first;
  if (question == NULL ? snippets == 0 : !is_shown(reader, question, snippets)) {
    question_clear(&entry);
    return;
  }
  entry.bits = bits_of(&entry, reader->source->classes);
  gchar *title = question != NULL ? g_strjoinv(" > ", question->section) : g_strdup("");
  /* What it lists are the questions; it is their section. */
  if (question != NULL && (entry.bits & HTML_NO_ANSWER) != 0 && question->listed != NULL) {
    gchar *own = g_strdup_printf("%s%s%s", title, *title != '\0' ? " > " : "", question->title);
    g_free(title);
    title = own;
  }
  open_section(reader, title);
  g_array_append_val(reader->section->questions, entry);
  reader->section->bits |= entry.bits;
  reader->entry->bits |= entry.bits;
}

static HtmlDocument *read_document(Reader *reader, const Document *document) {
  HtmlDocument *entry = g_new0(HtmlDocument, 1);
  entry->document = document;
  entry->sections = g_ptr_array_new_with_free_func(section_free);
  const Question *first =
      document->questions->len > 0 ? g_ptr_array_index(document->questions, 0) : NULL;
  gboolean has_title = first != NULL && first->is_title && *first->title != '\0';
  if (has_title && first->number != NULL)
    entry->title = g_strdup_printf("%s %s", first->number, first->title);
  else
    entry->title = g_strdup(has_title ? first->title : document->path);
  reader->entry = entry;
  reader->section = NULL;
  reader->place = order_place_of_line(reader->source->order, document, 1);
  read_question(reader, NULL);
  for (guint i = 0; i < document->questions->len; i++)
    read_question(reader, g_ptr_array_index(document->questions, i));
  return entry;
}

GPtrArray *html_outline(const GPtrArray *documents, const HtmlOutlineSource *source) {
  Reader reader = {.source = source};
  reader.notes = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
  read_notes(&reader);
  GPtrArray *outline = g_ptr_array_new_with_free_func(document_entry_free);
  for (guint i = 0; i < documents->len; i++)
    g_ptr_array_add(outline, read_document(&reader, g_ptr_array_index(documents, i)));
  g_hash_table_unref(reader.notes);
  return outline;
}

guint html_worst(guint32 bits) {
  static const VerdictClass order[] = {
      VERDICT_FALSE,    VERDICT_CHANGED, VERDICT_HUNG,   VERDICT_CRASHED,    VERDICT_INFRA,
      VERDICT_RAISED,   VERDICT_LIMIT,   VERDICT_NEEDS,  VERDICT_UNPARSABLE, VERDICT_FRAGMENT,
      VERDICT_VERIFIED, VERDICT_RAN,     VERDICT_SKIPPED};
  for (guint i = 0; i < G_N_ELEMENTS(order); i++)
    if ((bits & (1u << order[i])) != 0)
      return order[i];
  return VERDICT_CLASSES;
}
