#include "bank/health.h"

#include <string.h>

#include "bank/numbering.h"
#include "model/snippet.h"

/* Headings have this many levels. */
#define LEVELS 6
/* Of the entries that a document lists under headings which have questions elsewhere, at least one
 * of so many ends in a question mark; of other lists, one of two. */
#define ASKING_BESIDE 8u
#define ASKING_ALONE 2u

typedef struct {
  const Question *question;
  guint snippets;
  gboolean has_children;
  gboolean is_listing; /* what it lists may be questions */
} Entry;

typedef struct {
  Health *health;
  const Document *document;
  GArray *entries;      /* Entry, one a question of the document */
  GHashTable *sections; /* line of the heading above to HealthSection * */
  gboolean is_numbered;
  gboolean has_text[LEVELS + 1]; /* a heading of that level, without a number, has some */
  guint entries_beside, asking_beside;
} Reader;

static Entry *entry_at(const Reader *reader, guint i) {
  return &g_array_index(reader->entries, Entry, i);
}

/* The entry of the heading on a line, which is one of them; NULL for none. */
static Entry *entry_of_line(const Reader *reader, guint line) {
  guint low = 0, high = reader->entries->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (entry_at(reader, middle)->question->line < line)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == reader->entries->len || entry_at(reader, low)->question->line != line)
    return NULL;
  return entry_at(reader, low);
}

static gboolean asks(const gchar *text) {
  gsize length = strlen(text);
  while (length > 0 && strchr(" *_`)\"'", text[length - 1]) != NULL)
    length--;
  return length > 0 && text[length - 1] == '?';
}

static guint count_asking(const GPtrArray *listed) {
  guint count = 0;
  for (guint i = 0; i < listed->len; i++)
    count += asks(((const Listed *)g_ptr_array_index(listed, i))->title);
  return count;
}

/* Whether a word of the title begins with one of these. */
static gboolean has_word(const gchar *title, const gchar *const *words) {
  g_autofree gchar *lower = g_utf8_strdown(title, -1);
  for (; *words != NULL; words++)
    for (const gchar *at = lower; (at = strstr(at, *words)) != NULL; at++)
      if (at == lower || !g_ascii_isalnum(at[-1]))
        return TRUE;
  return FALSE;
}

/* Not those that are read, or done, rather than answered. */
static gboolean may_list_questions(const Entry *entry) {
  static const gchar *const others[] = {
      "content", "contribut",   "install",  "setup",     "set up",  "usage",   "how to",
      "how-to",  "steps",       "resource", "reference", "reading", "license", "agenda",
      "about",   "instruction", "rules",    "checklist", "credits", NULL};
  const Question *question = entry->question;
  if (question->listed == NULL || question->listed->len < 2 || entry->has_children ||
      has_word(question->title, others))
    return FALSE;
  for (guint i = 0; i < question->listed->len; i++) {
    const Listed *listed = g_ptr_array_index(question->listed, i);
    if (*listed->title == '[' || *listed->title == '<') /* leads to what is written elsewhere */
      return FALSE;
  }
  return TRUE;
}

static void read_entries(Reader *reader) {
  const GPtrArray *questions = reader->document->questions;
  for (guint i = 0; i < questions->len; i++) {
    Entry entry = {.question = g_ptr_array_index(questions, i)};
    g_array_append_val(reader->entries, entry);
  }
  for (guint i = 0; i < questions->len; i++) {
    const Question *question = g_ptr_array_index(questions, i);
    Entry *above =
        question->section_line != 0 ? entry_of_line(reader, question->section_line) : NULL;
    if (above != NULL)
      above->has_children = TRUE;
    if (question->is_title)
      continue;
    reader->is_numbered |= question->number != NULL;
    if (question->number == NULL && question->has_text)
      reader->has_text[MIN(question->level, LEVELS)] = TRUE;
  }
  if (questions->len > 1 && entry_at(reader, 0)->question->is_title)
    entry_at(reader, 0)->has_children = TRUE;
  for (guint i = 0; i < reader->document->snippets->len; i++) {
    const Snippet *snippet = g_ptr_array_index(reader->document->snippets, i);
    Entry *entry =
        snippet->question != NULL ? entry_of_line(reader, snippet->question->line) : NULL;
    if (entry != NULL)
      entry->snippets++;
  }
}

static void read_lists(Reader *reader) {
  for (guint i = 0; i < reader->entries->len; i++) {
    Entry *entry = entry_at(reader, i);
    entry->is_listing = may_list_questions(entry);
    if (!entry->is_listing || !entry->question->holds_numbers)
      continue;
    reader->entries_beside += entry->question->listed->len;
    reader->asking_beside += count_asking(entry->question->listed);
  }
  for (guint i = 0; i < reader->entries->len; i++) {
    Entry *entry = entry_at(reader, i);
    if (!entry->is_listing)
      continue;
    guint count = entry->question->listed->len;
    gboolean is_beside = entry->question->holds_numbers &&
                         reader->asking_beside * ASKING_BESIDE >= reader->entries_beside;
    entry->is_listing = is_beside || count_asking(entry->question->listed) * ASKING_ALONE >= count;
  }
}

/* "## Answer", at the level of its question. */
static gboolean is_answer_of_its_own(const Reader *reader, guint i) {
  static const gchar *const words[] = {"answer", "solution", "explanation", "explain", NULL};
  if (i + 1 >= reader->entries->len)
    return FALSE;
  const Question *next = entry_at(reader, i + 1)->question;
  return next->number == NULL && has_word(next->title, words);
}

static gboolean is_unanswered(const Reader *reader, guint i) {
  static const gchar *const on_purpose[] = {"blank",   "(skip",   "removed", "deprecated",
                                            "deleted", "retired", NULL};
  const Entry *entry = entry_at(reader, i);
  const Question *question = entry->question;
  gboolean is_empty = !question->has_text && entry->snippets == 0 && !entry->has_children &&
                      !question->is_title &&
                      (question->listed == NULL || question->listed->len == 0);
  if (!is_empty || has_word(question->title, on_purpose) || is_answer_of_its_own(reader, i))
    return FALSE;
  if (question->number != NULL || asks(question->title))
    return TRUE;
  const Question *next = i + 1 < reader->entries->len ? entry_at(reader, i + 1)->question : NULL;
  gboolean stands_over = next != NULL && (next->number != NULL || next->level > question->level);
  return i > 0 && !stands_over && reader->has_text[MIN(question->level, LEVELS)];
}

static gboolean is_question(const Reader *reader, const Entry *entry) {
  const Question *question = entry->question;
  if (entry->has_children || question->is_title)
    return entry->snippets > 0;
  if (question->number != NULL)
    return TRUE;
  return !reader->is_numbered && (question->has_text || entry->snippets > 0 ||
                                  (question->listed != NULL && !entry->is_listing));
}

static gchar *title_of(const Question *question, gboolean with_own) {
  g_autofree gchar *above = g_strjoinv(" > ", question->section);
  if (!with_own)
    return g_steal_pointer(&above);
  return g_strdup_printf("%s%s%s", above, *above != '\0' ? " > " : "", question->title);
}

/* The section of a question; of what it lists it is the section itself. */
static HealthSection *section_of(Reader *reader, const Question *question, gboolean is_listing) {
  gpointer key = GUINT_TO_POINTER(is_listing ? question->line : question->section_line);
  HealthSection *section = g_hash_table_lookup(reader->sections, key);
  if (section != NULL)
    return section;
  guint line =
      is_listing ? ((const Listed *)g_ptr_array_index(question->listed, 0))->line : question->line;
  section =
      health_add_section(reader->health, reader->document, title_of(question, is_listing), line);
  g_hash_table_insert(reader->sections, key, section);
  return section;
}

static void note(const Reader *reader, HealthKind kind, const Question *question, guint line,
                 guint count, gchar *message) {
  HealthSection *section =
      question != NULL ? g_hash_table_lookup(reader->health->of, question) : NULL;
  health_note(reader->health, section,
              (HealthNote){.kind = kind,
                           .count = count,
                           .document = reader->document,
                           .question = question,
                           .line = line,
                           .message = message});
}

static void count_question(Reader *reader, HealthSection *section, guint count) {
  section->questions += count;
  reader->health->questions += count;
}

static void read_question(Reader *reader, guint i) {
  const Entry *entry = entry_at(reader, i);
  const Question *question = entry->question;
  gboolean unanswered = is_unanswered(reader, i);
  gboolean counts = unanswered || is_question(reader, entry);
  if (!counts && !entry->is_listing && entry->snippets == 0)
    return;
  HealthSection *section = section_of(reader, question, entry->is_listing);
  g_hash_table_insert(reader->health->of, (gpointer)question, section);
  if (entry->is_listing) {
    guint count = question->listed->len;
    count_question(reader, section, count);
    note(reader, HEALTH_NO_ANSWER, question, section->line, count,
         g_strdup_printf("%u questions are listed without an answer", count));
    return;
  }
  if (!counts)
    return;
  count_question(reader, section, 1);
  if (unanswered)
    note(reader, HEALTH_NO_ANSWER, question, question->line, 1,
         g_strdup("this question has no answer"));
  else if (entry->snippets == 0)
    note(reader, HEALTH_NO_SNIPPET, question, question->line, 1,
         g_strdup("this answer has no snippet"));
}

static void count_snippets(const Reader *reader) {
  Health *health = reader->health;
  const Document *document = reader->document;
  for (guint i = 0; i < document->snippets->len; i++) {
    const Snippet *snippet = g_ptr_array_index(document->snippets, i);
    HealthSection *section = health_section_of(health, snippet);
    if (section == NULL) { /* before the first heading */
      section = g_hash_table_lookup(reader->sections, NULL);
      if (section == NULL)
        section = health_add_section(health, document, g_strdup(""), snippet->first_line);
      g_hash_table_insert(health->of, (gpointer)document, section);
    }
    section->snippets++;
    health->snippets++;
  }
}

static void read_numbering(const Reader *reader) {
  g_autoptr(GArray) faults = numbering_faults(reader->document);
  for (guint i = 0; i < faults->len; i++) {
    const NumberFault *fault = &g_array_index(faults, NumberFault, i);
    const Question *question = fault->question;
    if (fault->earlier != NULL && fault->starts_anew)
      note(reader, HEALTH_DOUBLE, question, question->line, 1,
           g_strdup_printf("the numbers start anew with %s, without a heading for a section: "
                           "line %u has it, too",
                           question->number, fault->earlier->line));
    else if (fault->earlier != NULL)
      note(reader, HEALTH_DOUBLE, question, question->line, 1,
           g_strdup_printf("number %s is at line %u already", question->number,
                           fault->earlier->line));
    else if (fault->first == fault->last)
      note(reader, HEALTH_GAP, question, question->line, 1,
           g_strdup_printf("number %u is missing before %s", fault->first, question->number));
    else
      note(reader, HEALTH_GAP, question, question->line, fault->last - fault->first + 1,
           g_strdup_printf("numbers %u to %u are missing before %s", fault->first, fault->last,
                           question->number));
  }
}

/* The snippet on a line; NULL for none. */
static const Snippet *snippet_at(const Document *document, guint line) {
  guint low = 0, high = document->snippets->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    const Snippet *snippet = g_ptr_array_index(document->snippets, middle);
    if (snippet->last_line < line)
      low = middle + 1;
    else
      high = middle;
  }
  const Snippet *snippet =
      low < document->snippets->len ? g_ptr_array_index(document->snippets, low) : NULL;
  return snippet != NULL && snippet->first_line <= line ? snippet : NULL;
}

static void read_remarks(const Reader *reader) {
  const GPtrArray *remarks = reader->document->remarks;
  for (guint i = 0; i < remarks->len; i++) {
    const Remark *remark = g_ptr_array_index(remarks, i);
    if (remark->kind != REMARK_NOT_RENDERED)
      continue;
    const Snippet *snippet = snippet_at(reader->document, remark->line);
    health_note(reader->health, snippet != NULL ? health_section_of(reader->health, snippet) : NULL,
                (HealthNote){.kind = HEALTH_NOT_RENDERED,
                             .count = 1,
                             .document = reader->document,
                             .question = snippet != NULL ? snippet->question : NULL,
                             .snippet = snippet,
                             .line = remark->line,
                             .message = g_strdup(remark->message)});
  }
}

static void read_document(Health *health, const Document *document) {
  Reader reader = {.health = health,
                   .document = document,
                   .entries = g_array_new(FALSE, TRUE, sizeof(Entry)),
                   .sections = g_hash_table_new(NULL, NULL)};
  read_entries(&reader);
  read_lists(&reader);
  for (guint i = 0; i < reader.entries->len; i++)
    read_question(&reader, i);
  count_snippets(&reader);
  read_numbering(&reader);
  read_remarks(&reader);
  g_array_unref(reader.entries);
  g_hash_table_unref(reader.sections);
}

static gint compare_sections(gconstpointer a, gconstpointer b, gpointer data) {
  const HealthSection *left = *(const HealthSection *const *)a;
  const HealthSection *right = *(const HealthSection *const *)b;
  const Health *health = data;
  guint first = GPOINTER_TO_UINT(g_hash_table_lookup(health->documents, left->document));
  guint second = GPOINTER_TO_UINT(g_hash_table_lookup(health->documents, right->document));
  if (first != second)
    return first < second ? -1 : 1;
  return (left->line > right->line) - (left->line < right->line);
}

Health *bank_health(const GPtrArray *documents) {
  Health *health = health_new(documents);
  for (guint i = 0; i < documents->len; i++)
    read_document(health, g_ptr_array_index(documents, i));
  g_ptr_array_sort_with_data(health->sections, compare_sections, health);
  return health;
}
