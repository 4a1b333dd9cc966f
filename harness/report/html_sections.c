#include "report/html_sections.h"

#include <string.h>

#include "report/html_snippet.h"
#include "report/html_text.h"

#define TITLE_WIDTH 200u

void html_append_section_title(GString *to, const gchar *title) {
  g_auto(GStrv) parts = g_strsplit(title, " > ", -1);
  g_autofree gchar *shown = g_strjoinv(" › ", parts);
  html_append(to, shown, TITLE_WIDTH);
}

static void append_cell(GString *to, guint number, const gchar *tone) {
  if (number == 0)
    g_string_append(to, "<td class=\"none\">–");
  else
    html_append_markup(to, "<td class=\"%s\">%u", tone, number);
}

static void append_group(GString *to, const gchar *text) {
  g_string_append(to, "<tr><th class=\"of\" scope=\"rowgroup\" colspan=\"8\">");
  html_append_section_title(to, text);
  g_string_append_c(to, '\n');
}

static void append_row(GString *to, const HealthSection *section, const gchar *title) {
  guint tones[3] = {0};
  for (guint class = 0; class < VERDICT_CLASSES; class ++)
    tones[*html_tone(class) == 'o'   ? 0
          : *html_tone(class) == 'b' ? 1
                                     : 2] += section->classes[class];
  g_string_append(to, "<tr><th scope=\"row\">");
  if (*title != '\0')
    html_append_section_title(to, title);
  else
    g_string_append(to, "<span class=\"quiet\">no section</span>");
  append_cell(to, section->questions, "");
  append_cell(to, section->counts[HEALTH_NO_ANSWER], "warn");
  append_cell(to, section->counts[HEALTH_NO_SNIPPET], "");
  append_cell(to, section->snippets, "");
  append_cell(to, tones[0], "ok");
  append_cell(to, tones[1], "bad");
  append_cell(to, tones[2], "");
  g_string_append_c(to, '\n');
}

/* The headings above a section once, not in each of its rows. */
static const gchar *append_parents(GString *to, const gchar *title, gchar **parents) {
  const gchar *last = g_strrstr(title, " > ");
  g_autofree gchar *above = last != NULL ? g_strndup(title, (gsize)(last - title)) : g_strdup("");
  if (*above != '\0' && g_strcmp0(above, *parents) != 0)
    append_group(to, above);
  g_free(*parents);
  *parents = g_steal_pointer(&above);
  return last != NULL ? last + strlen(" > ") : title;
}

void html_append_sections(GString *to, const Health *health) {
  if (health == NULL || health->sections->len == 0)
    return;
  g_string_append(
      to, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Sections\">"
          "<table class=\"health\"><caption>Sections</caption>\n<thead><tr><th scope=\"col\">"
          "<span class=\"hidden\">Section</span><th scope=\"col\">Questions"
          "<th scope=\"col\">No answer<th scope=\"col\">No snippet<th scope=\"col\">Blocks"
          "<th scope=\"col\">Verified<th scope=\"col\">Wrong<th scope=\"col\">Other</thead>\n"
          "<tbody>\n");
  const Document *document = NULL;
  g_autofree gchar *parents = NULL;
  gboolean is_one = health->documents != NULL && g_hash_table_size(health->documents) == 1;
  for (guint i = 0; i < health->sections->len; i++) {
    const HealthSection *section = g_ptr_array_index(health->sections, i);
    if (!is_one && section->document != document) {
      append_group(to, section->document->path);
      document = section->document;
      g_clear_pointer(&parents, g_free);
    }
    append_row(to, section, append_parents(to, section->title, &parents));
  }
  g_string_append(to, "</tbody></table></div>\n");
}
