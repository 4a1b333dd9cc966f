#include "model/health.h"

static void note_free(gpointer data) {
  HealthNote *note = data;
  g_free(note->message);
  g_free(note);
}

static void section_free(gpointer data) {
  HealthSection *section = data;
  g_free(section->title);
  g_free(section);
}

Health *health_new(const GPtrArray *documents) {
  Health *health = g_new0(Health, 1);
  health->notes = g_ptr_array_new_with_free_func(note_free);
  health->sections = g_ptr_array_new_with_free_func(section_free);
  health->of = g_hash_table_new(NULL, NULL);
  health->documents = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < documents->len; i++)
    g_hash_table_insert(health->documents, g_ptr_array_index(documents, i), GUINT_TO_POINTER(i));
  return health;
}

void health_free(Health *health) {
  if (health == NULL)
    return;
  g_ptr_array_unref(health->notes);
  g_ptr_array_unref(health->sections);
  g_hash_table_unref(health->of);
  g_hash_table_unref(health->documents);
  g_free(health);
}

HealthSection *health_add_section(Health *health, const Document *document, gchar *title,
                                  guint line) {
  HealthSection *section = g_new0(HealthSection, 1);
  section->document = document;
  section->title = title;
  section->line = line;
  g_ptr_array_add(health->sections, section);
  return section;
}

static guint place_of(const Health *health, const HealthNote *note) {
  return GPOINTER_TO_UINT(g_hash_table_lookup(health->documents, note->document));
}

static gboolean comes_before(const Health *health, const HealthNote *a, const HealthNote *b) {
  guint left = place_of(health, a), right = place_of(health, b);
  if (left != right)
    return left < right;
  return a->line != b->line ? a->line < b->line : a->kind < b->kind;
}

void health_note(Health *health, HealthSection *section, HealthNote note) {
  guint low = 0, high = health->notes->len;
  /* Most come in order. */
  if (high > 0 && !comes_before(health, &note, g_ptr_array_index(health->notes, high - 1)))
    low = high;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (comes_before(health, &note, g_ptr_array_index(health->notes, middle)))
      high = middle;
    else
      low = middle + 1;
  }
  g_ptr_array_insert(health->notes, (gint)low, g_memdup2(&note, sizeof note));
  health->counts[note.kind] += note.count;
  if (section != NULL)
    section->counts[note.kind] += note.count;
}

HealthSection *health_section_of(const Health *health, const Snippet *snippet) {
  gconstpointer key = snippet->question;
  if (key == NULL)
    key = snippet->document;
  return g_hash_table_lookup(health->of, key);
}

void health_add(Health *health, const Snippet *snippet, const Verdict *verdict) {
  HealthSection *section = health_section_of(health, snippet);
  if (section == NULL)
    return;
  section->classes[verdict->class]++;
  if (verdict->class != VERDICT_RAN)
    return;
  HealthNote note = {.kind = HEALTH_NO_CHECK,
                     .count = 1,
                     .document = snippet->document,
                     .question = snippet->question,
                     .snippet = snippet,
                     .line = snippet->first_line,
                     .message = g_strdup(verdict->results->len > 0
                                             ? "none of what this snippet says could be checked"
                                             : "this snippet says nothing that is checked")};
  health_note(health, section, note);
}

const gchar *health_kind_name(HealthKind kind) {
  static const gchar *const names[HEALTH_KINDS] = {"no-answer", "no-snippet",   "gap",
                                                   "double",    "not-rendered", "no-check"};
  return names[kind];
}
