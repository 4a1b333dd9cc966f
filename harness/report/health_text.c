#include "report/health_text.h"

#include <string.h>

#include "report/text.h"

#define PLACES 3u
#define TITLE_WIDTH 48u

/* " (bank.md:12, :40, :77 and 4 more)" of the notes of a kind, with a word before the first. */
static void append_places(GString *to, const Health *health, HealthKind kind, const gchar *word) {
  const Document *document = NULL;
  guint places = 0;
  for (guint i = 0; i < health->notes->len; i++) {
    const HealthNote *note = g_ptr_array_index(health->notes, i);
    if (note->kind != kind)
      continue;
    if (places++ >= PLACES)
      continue;
    g_string_append_printf(to, "%s%s", places == 1 ? " (" : ", ", places == 1 ? word : "");
    if (note->document != document) {
      g_autofree gchar *path = text_one_line(note->document->path, -1, 0);
      g_string_append(to, path);
      document = note->document;
    }
    g_string_append_printf(to, ":%u", note->line);
  }
  if (places > PLACES)
    g_string_append_printf(to, " and %u more", places - PLACES);
  if (places > 0)
    g_string_append_c(to, ')');
}

gchar *health_text(const Health *health) {
  GString *text = g_string_new(NULL);
  guint unanswered = health->counts[HEALTH_NO_ANSWER];
  guint missing = health->counts[HEALTH_GAP];
  guint doubles = health->counts[HEALTH_DOUBLE];
  if (unanswered > 0) {
    g_autofree gchar *questions = text_count(unanswered, "question");
    g_string_append_printf(text, "to write: %s without an answer", questions);
    append_places(text, health, HEALTH_NO_ANSWER, "");
    g_string_append_c(text, '\n');
  }
  if (missing > 0 || doubles > 0)
    g_string_append(text, "numbers: ");
  if (missing > 0) {
    g_string_append_printf(text, "%u missing", missing);
    append_places(text, health, HEALTH_GAP, "before ");
  }
  if (doubles > 0) {
    g_string_append_printf(text, "%s%u used twice", missing > 0 ? ", " : "", doubles);
    append_places(text, health, HEALTH_DOUBLE, "");
  }
  if (missing > 0 || doubles > 0)
    g_string_append_c(text, '\n');
  return g_string_free(text, FALSE);
}

gchar *health_section_title(const HealthSection *section, gsize width) {
  return text_one_line(*section->title != '\0' ? section->title : "(no section)", -1, width);
}

gchar *health_section_text(const HealthSection *section) {
  g_autofree gchar *questions = text_count(section->questions, "question");
  g_autofree gchar *blocks = text_count(section->snippets, "block");
  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "%s, %s", questions, blocks);
  for (guint kind = 0; kind < HEALTH_KINDS; kind++)
    if (section->counts[kind] > 0)
      g_string_append_printf(text, ", %u %s", section->counts[kind], health_kind_name(kind));
  return g_string_free(text, FALSE);
}

/* Zeros are what an author wants; they are not to be looked at. */
static void append_number(GString *to, guint number, const gchar *heading) {
  gint width = (gint)strlen(heading);
  if (number > 0)
    g_string_append_printf(to, "  %*u", width, number);
  else
    g_string_append_printf(to, "  %*s", width, "-");
}

gchar *health_table(const Health *health) {
  static const gchar *const headings[] = {"questions", "no answer", "no snippet", "blocks"};
  if (health->questions == 0)
    return g_strdup("");
  GString *table = g_string_new(NULL);
  glong width = 0;
  for (guint i = 0; i < health->sections->len; i++) {
    const HealthSection *section = g_ptr_array_index(health->sections, i);
    g_autofree gchar *title = health_section_title(section, TITLE_WIDTH);
    g_autofree gchar *path = text_one_line(section->document->path, -1, 0);
    width = MAX(width, MAX(g_utf8_strlen(title, -1) + 2, g_utf8_strlen(path, -1)));
  }
  const Document *document = NULL;
  for (guint i = 0; i < health->sections->len; i++) {
    const HealthSection *section = g_ptr_array_index(health->sections, i);
    if (section->document != document) {
      g_autofree gchar *path = text_one_line(section->document->path, -1, 0);
      g_string_append_printf(table, "%s%*s", path, (gint)(width - g_utf8_strlen(path, -1)), "");
      for (guint j = 0; j < G_N_ELEMENTS(headings); j++)
        g_string_append_printf(table, "  %s", headings[j]);
      g_string_append_c(table, '\n');
      document = section->document;
    }
    g_autofree gchar *title = health_section_title(section, TITLE_WIDTH);
    g_string_append_printf(table, "  %s%*s", title, (gint)(width - 2 - g_utf8_strlen(title, -1)),
                           "");
    append_number(table, section->questions, headings[0]);
    append_number(table, section->counts[HEALTH_NO_ANSWER], headings[1]);
    append_number(table, section->counts[HEALTH_NO_SNIPPET], headings[2]);
    append_number(table, section->snippets, headings[3]);
    g_string_append_c(table, '\n');
  }
  return g_string_free(table, FALSE);
}
