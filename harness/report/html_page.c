#include "report/html_page.h"

#include <string.h>

#include "report/html_sections.h"
#include "report/html_snippet.h"
#include "report/html_style.h"
#include "report/html_text.h"
#include "report/text.h"

/* With more questions, the contents are folded. */
#define CONTENTS_OPEN 150u
#define TITLE_WIDTH 200u

/* What can be shown alone, beside the classes. */
static const struct {
  guint32 bit;
  const gchar *name;
  const gchar *text;
} filters[] = {{HTML_LEFT_OUT, "left-out", "not run"},
               {HTML_NO_ANSWER, "no-answer", "without an answer"},
               {HTML_NO_SNIPPET, "no-snippet", "without a snippet"}};

static void append_filter_rule(GString *to, const gchar *name) {
  html_append_markup(to,
                     "body:has(#show-%s:checked) "
                     ":is(.snip,.q,.sec,.document,.contents li,.contents details):not(.%s)"
                     "{display:none}\n",
                     name, name);
}

static gchar *style_new(void) {
  GString *style = g_string_new("\n");
  g_string_append(style, html_style);
  for (guint class = 0; class < VERDICT_CLASSES; class ++)
    append_filter_rule(style, verdict_class_name(class));
  for (guint i = 0; i < G_N_ELEMENTS(filters); i++)
    append_filter_rule(style, filters[i].name);
  return g_string_free(style, FALSE);
}

static gchar *digest_of(const gchar *text) {
  guint8 digest[32];
  gsize length = sizeof digest;
  GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
  g_checksum_update(checksum, (const guchar *)text, (gssize)strlen(text));
  g_checksum_get_digest(checksum, digest, &length);
  g_checksum_free(checksum);
  return g_base64_encode(digest, length);
}

/* " verified false": names of the bits, as classes of an element. */
static void append_bits(GString *to, guint32 bits) {
  for (guint class = 0; class < VERDICT_CLASSES; class ++)
    if ((bits & (1u << class)) != 0)
      html_append_markup(to, " %s", verdict_class_name(class));
  for (guint i = 0; i < G_N_ELEMENTS(filters); i++)
    if ((bits & filters[i].bit) != 0)
      html_append_markup(to, " %s", filters[i].name);
}

static void append_question_id(GString *to, const HtmlDocument *entry, const HtmlQuestion *question,
                               gboolean is_link) {
  g_autofree gchar *name = g_strdup_printf(
      "%s:%u", entry->document->name, question->question != NULL ? question->question->line : 0);
  if (is_link)
    html_append_link(to, name);
  else
    html_append_id(to, name);
}

static void append_question_title(GString *to, const HtmlQuestion *question) {
  if (question->question == NULL) {
    g_string_append(to, "Before the first heading");
    return;
  }
  if (question->question->number != NULL) {
    html_append(to, question->question->number, 0);
    g_string_append(to, ". ");
  }
  html_append(to, question->question->title, TITLE_WIDTH);
}

static gboolean is_listing(const HtmlQuestion *question) {
  return (question->bits & HTML_NO_ANSWER) != 0 && question->question->listed != NULL;
}

/* --- contents ------------------------------------------------------------------------ */

static void append_contents_entry(GString *to, const HtmlDocument *entry,
                                  const HtmlQuestion *question) {
  guint worst = html_worst(question->bits);
  const gchar *sign = "–", *tone = "quiet", *word = "no snippet";
  if (worst < VERDICT_CLASSES) {
    sign = html_sign(worst);
    tone = html_tone(worst);
    word = verdict_class_name(worst);
  } else if ((question->bits & HTML_NO_ANSWER) != 0) {
    sign = "○";
    tone = "warn";
    word = "no answer";
  } else if ((question->bits & HTML_LEFT_OUT) != 0) {
    sign = "·";
    word = "not run";
  }
  g_string_append(to, "<li class=\"i");
  append_bits(to, question->bits);
  g_string_append(to, "\"><a href=\"");
  append_question_id(to, entry, question, TRUE);
  html_append_markup(to, "\"><span class=\"%s\" role=\"img\" aria-label=\"%s\">%s</span><span>",
                     tone, word, sign);
  if (is_listing(question))
    html_append_markup(to, "%u to write", question->question->listed->len);
  else
    append_question_title(to, question);
  g_string_append(to, "</span></a>\n");
}

static void append_contents(GString *to, const GPtrArray *outline) {
  guint questions = 0;
  for (guint i = 0; i < outline->len; i++) {
    const HtmlDocument *entry = g_ptr_array_index(outline, i);
    for (guint j = 0; j < entry->sections->len; j++)
      questions += ((const HtmlSection *)g_ptr_array_index(entry->sections, j))->questions->len;
  }
  const gchar *open = questions <= CONTENTS_OPEN ? " open" : "";
  g_string_append(
      to, "<nav class=\"contents\" id=\"contents\" aria-label=\"Contents\"><h2>Contents</h2>\n");
  for (guint i = 0; i < outline->len; i++) {
    const HtmlDocument *entry = g_ptr_array_index(outline, i);
    if (entry->sections->len == 0)
      continue;
    g_string_append(to, "<details class=\"d");
    append_bits(to, entry->bits);
    html_append_markup(to, "\"%s><summary>", outline->len == 1 ? " open" : open);
    html_append(to, entry->title, TITLE_WIDTH);
    g_string_append(to, "</summary>\n");
    for (guint j = 0; j < entry->sections->len; j++) {
      const HtmlSection *section = g_ptr_array_index(entry->sections, j);
      if (*section->title != '\0') {
        g_string_append(to, "<details class=\"d");
        append_bits(to, section->bits);
        html_append_markup(to, "\"%s><summary>", open);
        html_append_section_title(to, section->title);
        g_string_append(to, "</summary>");
      }
      g_string_append(to, "<ul>\n");
      for (guint k = 0; k < section->questions->len; k++)
        append_contents_entry(to, entry, &g_array_index(section->questions, HtmlQuestion, k));
      html_append_markup(to, "</ul>%s\n", *section->title != '\0' ? "</details>" : "");
    }
    g_string_append(to, "</details>\n");
  }
  g_string_append(to, "</nav>\n");
}

/* --- summary ------------------------------------------------------------------------- */

/* How much of the bank has which tone. */
static void append_bar(GString *to, const HtmlPage *page) {
  static const gchar *const tones[] = {"ok", "bad", "warn", "quiet"};
  guint all = 0;
  for (guint class = 0; class <= VERDICT_CLASSES; class ++)
    all += page->counts[class];
  if (all == 0)
    return;
  g_string_append(to, "<svg class=\"bar\" viewBox=\"0 0 1000 6\" preserveAspectRatio=\"none\" "
                      "aria-hidden=\"true\">");
  guint done = 0;
  for (guint tone = 0; tone < G_N_ELEMENTS(tones); tone++) {
    guint count = g_str_equal(tones[tone], "quiet") ? page->counts[VERDICT_CLASSES] : 0;
    for (guint class = 0; class < VERDICT_CLASSES; class ++)
      count += g_str_equal(html_tone(class), tones[tone]) ? page->counts[class] : 0;
    if (count == 0)
      continue;
    html_append_markup(to,
                       "<rect class=\"%s\" x=\"%" G_GUINT64_FORMAT "\" width=\"%" G_GUINT64_FORMAT
                       "\" height=\"6\"/>",
                       tones[tone], (guint64)done * 1000 / all,
                       ((guint64)(done + count) * 1000 / all) - (guint64)done * 1000 / all);
    done += count;
  }
  g_string_append(to, "</svg>\n");
}

static void append_chip(GString *to, const gchar *name, const gchar *tone, const gchar *sign,
                        guint count, const gchar *text, gboolean is_first) {
  html_append_markup(to,
                     "<label class=\"chip\"><input type=\"radio\" name=\"show\" id=\"show-%s\"%s>"
                     "<span class=\"%s\">%s%s<b>%u</b> %s</span></label>\n",
                     name, is_first ? " checked" : "", tone, sign, *sign != '\0' ? " " : "", count,
                     text);
}

static void append_filters(GString *to, const HtmlPage *page) {
  const Health *health = page->summary->health;
  guint all = 0;
  for (guint class = 0; class <= VERDICT_CLASSES; class ++)
    all += page->counts[class];
  g_string_append(to, "<fieldset><legend class=\"hidden\">Show</legend>\n");
  append_chip(to, "all", "", "", all, all == 1 ? "block" : "blocks", TRUE);
  for (guint class = 0; class < VERDICT_CLASSES; class ++)
    if (page->counts[class] > 0)
      append_chip(to, verdict_class_name(class), html_tone(class), html_sign(class),
                  page->counts[class], verdict_class_name(class), FALSE);
  const guint counts[] = {page->counts[VERDICT_CLASSES],
                          health != NULL ? health->counts[HEALTH_NO_ANSWER] : 0,
                          health != NULL ? health->counts[HEALTH_NO_SNIPPET] : 0};
  for (guint i = 0; i < G_N_ELEMENTS(filters); i++)
    if (counts[i] > 0)
      append_chip(to, filters[i].name, "quiet", "", counts[i], filters[i].text, FALSE);
  g_string_append(to, "</fieldset>\n");
}

static void append_claims(GString *to, const Ledger *ledger) {
  guint claims = ledger->held + ledger->contradicted + ledger->unchecked;
  if (claims == 0)
    return;
  g_autofree gchar *count = text_count(claims, "claim");
  html_append_markup(to, "<li>%s: %u hold, %u contradicted, %u could not be checked\n", count,
                     ledger->held, ledger->contradicted, ledger->unchecked);
}

static void append_facts(GString *to, const HtmlPage *page) {
  const ReportSummary *summary = page->summary;
  g_string_append(to, "<ul class=\"facts\">\n");
  append_claims(to, &summary->ledger);
  if (summary->selection != NULL) {
    html_append_markup(to, "<li>%u of %u blocks ", summary->ledger.blocks,
                       summary->ledger.blocks + summary->left_out);
    html_append(to, summary->selection, 0);
    g_string_append_c(to, '\n');
  }
  g_autofree gchar *fixtures = fixtures_used_text(page->fixtures);
  g_auto(GStrv) lines = g_strsplit(fixtures, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    if (*lines[i] == '\0')
      continue;
    g_string_append(to, "<li>");
    html_append(to, lines[i], 0);
    g_string_append_c(to, '\n');
  }
  const Health *health = summary->health;
  if (health != NULL && health->counts[HEALTH_GAP] + health->counts[HEALTH_DOUBLE] > 0) {
    g_autofree gchar *missing = text_count(health->counts[HEALTH_GAP], "number");
    html_append_markup(to, "<li>questions: %s missing, %u used twice\n", missing,
                       health->counts[HEALTH_DOUBLE]);
  }
  if (health != NULL && health->counts[HEALTH_NOT_RENDERED] > 0)
    html_append_markup(to, "<li>%u of the blocks not shown as code by a renderer\n",
                       health->counts[HEALTH_NOT_RENDERED]);
  g_string_append(to, "</ul>\n");
}

static void append_problems(GString *to, const HtmlPage *page) {
  if (page->summary->is_incomplete)
    g_string_append(to, "<p class=\"alert\">Incomplete: not every block was run to its end.</p>\n");
  for (guint i = 0; i < page->problems->len; i++) {
    g_auto(GStrv) parts = g_strsplit(g_ptr_array_index(page->problems, i), "\n", 2);
    g_string_append(to, "<div class=\"alert\">");
    html_append(to, parts[0], 0);
    if (parts[0] != NULL && parts[1] != NULL) {
      g_string_append(to, "<pre>");
      html_append_lines(to, parts[1], strlen(parts[1]), "w");
      g_string_append(to, "</pre>");
    }
    g_string_append(to, "</div>\n");
  }
}

/* --- the page ------------------------------------------------------------------------ */

static void append_title(GString *to, const HtmlPage *page) {
  if (page->outline->len == 1) {
    html_append(to, ((const HtmlDocument *)g_ptr_array_index(page->outline, 0))->title,
                TITLE_WIDTH);
    return;
  }
  html_append_markup(to, "%u documents", page->outline->len);
}

void html_page_begin(GString *to, const HtmlPage *page) {
  const ReportSummary *summary = page->summary;
  g_autofree gchar *style = style_new();
  g_autofree gchar *digest = digest_of(style);
  g_string_append(to, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
  html_append_markup(to,
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">\n",
                     digest);
  g_string_append(to, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=\"color-scheme\" content=\"light dark\">\n"
                      "<meta name=\"generator\" content=\"proctor ");
  html_append(to, page->version, 0);
  g_string_append(to, "\">\n<title>");
  append_title(to, page);
  html_append_markup(to, "</title>\n<style>%s</style>\n</head>\n<body>\n", style);
  g_string_append(to, "<div class=\"frame\">\n<main>\n<header>\n"
                      "<a class=\"leap\" href=\"#contents\">Contents</a>\n<h1>");
  append_title(to, page);
  g_string_append(to, "</h1>\n<p class=\"lead\">What the code of this material does, beside what "
                      "the text says about it.</p>\n");
  append_bar(to, page);
  append_filters(to, page);
  append_facts(to, page);
  append_problems(to, page);
  html_append_sections(to, summary->health);
  g_string_append(to, "</header>\n");
}

void html_document_begin(GString *to, const HtmlDocument *entry, gboolean is_only) {
  const Document *document = entry->document;
  g_string_append(to, "<section class=\"document");
  append_bits(to, entry->bits);
  html_append_markup(to, "\"><header><h2%s>", is_only ? " class=\"hidden\"" : "");
  html_append(to, entry->title, TITLE_WIDTH);
  g_string_append(to, "</h2><p class=\"path\">");
  html_append(to, document->path, 0);
  g_string_append(to, "</p>\n");
  if (document->remarks->len > 0) {
    g_autofree gchar *count = text_count(document->remarks->len, "note");
    html_append_markup(to,
                       "<details class=\"remarks\"><summary>%s about the document</summary>"
                       "<ul>\n",
                       count);
    for (guint i = 0; i < document->remarks->len; i++) {
      const Remark *remark = g_ptr_array_index(document->remarks, i);
      html_append_markup(to, "<li>line %u: ", remark->line);
      html_append(to, remark->message, 0);
      g_string_append_c(to, '\n');
    }
    g_string_append(to, "</ul></details>\n");
  }
  g_string_append(to, "</header>\n");
}

void html_section_begin(GString *to, const HtmlSection *section) {
  g_string_append(to, "<section class=\"sec");
  append_bits(to, section->bits);
  g_string_append(to, "\">\n");
  if (*section->title != '\0') {
    g_string_append(to, "<h3>");
    html_append_section_title(to, section->title);
    g_string_append(to, "</h3>\n");
  }
}

static void append_listed(GString *to, const HtmlQuestion *question) {
  const GPtrArray *listed = question->question->listed;
  html_append_markup(to,
                     "<p class=\"state\"><span class=\"warn\">○</span> %u questions without an "
                     "answer</p>\n<ul class=\"todo\">\n",
                     listed->len);
  for (guint i = 0; i < listed->len; i++) {
    const Listed *each = g_ptr_array_index(listed, i);
    g_string_append(to, "<li><b>");
    html_append(to, each->number, 0);
    g_string_append(to, "</b>");
    html_append(to, each->title, TITLE_WIDTH);
    g_string_append_c(to, '\n');
  }
  g_string_append(to, "</ul>\n");
}

void html_question_begin(GString *to, const HtmlDocument *entry, const HtmlQuestion *question) {
  g_string_append(to, "<section class=\"q");
  append_bits(to, question->bits);
  g_string_append(to, "\" id=\"");
  append_question_id(to, entry, question, FALSE);
  g_string_append(to, "\">");
  if (is_listing(question)) {
    append_listed(to, question);
    return;
  }
  g_string_append(to, "<header><h4><a href=\"");
  append_question_id(to, entry, question, TRUE);
  g_string_append(to, "\">");
  append_question_title(to, question);
  g_string_append(to, "</a></h4><span class=\"path\">");
  if (question->question != NULL) {
    html_append(to, entry->document->path, 0);
    html_append_markup(to, ":%u", question->question->line);
  }
  g_string_append(to, "</span></header>\n");
  for (guint i = 0; question->notes != NULL && i < question->notes->len; i++) {
    const HealthNote *note = g_ptr_array_index(question->notes, i);
    gboolean is_mild = note->kind == HEALTH_NO_SNIPPET;
    html_append_markup(to, "<p class=\"state\"><span class=\"%s\">", is_mild ? "quiet" : "warn");
    html_append(to, note->message, 0);
    g_string_append(to, "</span></p>\n");
  }
}

void html_page_end(GString *to, const HtmlPage *page) {
  const ReportSummary *summary = page->summary;
  g_string_append(to, "<footer>");
  if (summary->python != NULL) {
    g_autofree gchar *workers = text_count(summary->lanes, "worker");
    html_append_markup(to, "%.1f s on %s, Python ", summary->seconds, workers);
    html_append(to, summary->python, 0);
    g_string_append(to, " · ");
  }
  g_string_append(to, "proctor ");
  html_append(to, page->version, 0);
  g_string_append(to, "</footer>\n</main>\n");
  append_contents(to, page->outline);
  g_string_append(to, "</div>\n</body>\n</html>\n");
}
