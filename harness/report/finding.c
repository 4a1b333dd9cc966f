#include "report/finding.h"

#include <string.h>

#include "report/correction.h"
#include "report/problems.h"
#include "report/text.h"

#define FINGERPRINT_DIGITS 40

void finding_free(Finding *finding) {
  g_free(finding->path);
  g_free(finding->message);
  g_free(finding->advice);
  g_free(finding->put);
  g_free(finding->subject);
  g_free(finding->key);
  g_free(finding->fingerprint);
  g_free(finding);
}

/* --- rules ---------------------------------------------------------------------- */

static const gchar *const remark_rules[] = {"not-rendered", "unclosed", "encoding"};

static const FindingRule rules[] = {
    {"false", "The text says something about the code that is not so.", LEVEL_ERROR},
    {"changed", "What the code does is not what was accepted for it.", LEVEL_ERROR},
    {"ran", "The code ran, and nothing that it says could be checked.", LEVEL_NOTE},
    {"raised", "The code ends in an exception that the text does not speak of.", LEVEL_WARNING},
    {"hung", "The code never ends.", LEVEL_ERROR},
    {"limit", "The code was stopped: it took more than it is allowed.", LEVEL_WARNING},
    {"crashed", "The code crashes the interpreter.", LEVEL_ERROR},
    {"fragment", "The code cannot run by itself: it needs names that nothing binds.", LEVEL_NOTE},
    {"needs", "The code needs a package or a fixture that is not there.", LEVEL_NOTE},
    {"unparsable", "The code cannot be parsed.", LEVEL_WARNING},
    {"infra", "proctor failed: nothing is known of the code.", LEVEL_ERROR},
    {"problem", "Something of the bank cannot be read or used.", LEVEL_ERROR},
    {"fixture", "A fixture cannot be used.", LEVEL_ERROR},
    {"not-rendered", "A renderer shows the code as prose.", LEVEL_NOTE},
    {"unclosed", "A fence is never closed.", LEVEL_NOTE},
    {"encoding", "The document is not UTF-8.", LEVEL_NOTE},
    {"no-answer", "A question has no answer.", LEVEL_NOTE},
    {"no-snippet", "An answer shows no code.", LEVEL_NOTE},
    {"gap", "A number is missing between questions.", LEVEL_NOTE},
    {"double", "Two questions have the same number.", LEVEL_NOTE},
    {"no-check", "The code says nothing that could be checked.", LEVEL_NOTE},
};

const FindingRule *finding_rules(guint *count) {
  *count = G_N_ELEMENTS(rules);
  return rules;
}

guint finding_rule_index(const gchar *name) {
  for (guint i = 0; i < G_N_ELEMENTS(rules); i++)
    if (g_str_equal(rules[i].name, name))
      return i;
  g_return_val_if_reached(0);
}

/* --- making one ------------------------------------------------------------------ */

gchar *path_in(const gchar *base, const gchar *path) {
  if (base == NULL || g_str_equal(path, "-"))
    return g_strdup(path);
  g_autofree gchar *whole = g_canonicalize_filename(path, NULL);
  g_autofree gchar *folder = g_canonicalize_filename(base, NULL);
  gsize length = g_str_equal(folder, "/") ? 0 : strlen(folder);
  if (g_str_has_prefix(whole, folder) && whole[length] == '/' && whole[length + 1] != '\0')
    return g_strdup(whole + length + 1);
  return g_strdup(path);
}

/* Takes message and key over. */
static Finding *add(GPtrArray *findings, const FormatOptions *options, Level level,
                    const gchar *rule, const gchar *path, Region region, gchar *message,
                    gchar *key) {
  Finding *finding = g_new0(Finding, 1);
  finding->level = level;
  finding->rule = rules[finding_rule_index(rule)].name;
  finding->path = path_in(options->base, path);
  finding->region = region;
  finding->message = message;
  finding->key = key;
  g_ptr_array_add(findings, finding);
  return finding;
}

static Region whole_line(guint line) {
  return (Region){.line = line, .end_line = line};
}

void findings_add_problem(GPtrArray *findings, const FormatOptions *options, const gchar *rule,
                          const gchar *path, const gchar *message) {
  add(findings, options, LEVEL_ERROR, rule, path, (Region){0}, text_one_line(message, -1, 0),
      g_strdup_printf("%s\n%s", path, message));
}

void findings_add_remark(GPtrArray *findings, const FormatOptions *options, guint rank,
                         const Document *document, const Remark *remark) {
  Finding *finding = add(findings, options, LEVEL_NOTE, remark_rules[remark->kind], document->path,
                         whole_line(remark->line), text_one_line(remark->message, -1, 0),
                         g_strdup_printf("%s\n%s", document->name, remark->message));
  finding->rank = rank;
}

/* Of numbers that are used twice the message names a line, which does not stay. */
static gchar *key_of_health(const HealthNote *note) {
  const Question *question = note->kind == HEALTH_DOUBLE ? note->question : NULL;
  g_autofree gchar *title =
      question != NULL ? g_strdup_printf("%s %s", question->number, question->title) : NULL;
  return g_strdup_printf("%s\n%s\n%s", note->document->name,
                         note->snippet != NULL ? note->snippet->content_id : "",
                         title != NULL ? title : note->message);
}

void findings_add_health(GPtrArray *findings, const FormatOptions *options, guint rank,
                         const HealthNote *note) {
  Finding *finding =
      add(findings, options, LEVEL_NOTE, health_kind_name(note->kind), note->document->path,
          whole_line(note->line), text_one_line(note->message, -1, 0), key_of_health(note));
  finding->rank = rank;
  if (note->snippet != NULL)
    finding->subject = g_strdup(note->snippet->id);
}

/* --- the right value ------------------------------------------------------------- */

/* The lines as they will be, from the sign of their comment on where it is one line. */
static gchar *advice_of(Bytes document, const Correction *correction, Region region,
                        Region replaced) {
  Line first, last;
  if (!line_find(document, replaced.line, &first) || !line_find(document, replaced.end_line, &last))
    return NULL;
  const gchar *begin = first.at, *at = document.bytes + correction->offset;
  gboolean is_line =
      replaced.line == replaced.end_line && strpbrk(correction->text, "\r\n") == NULL;
  if (is_line && region.line == replaced.line && region.column > 0 &&
      region.column <= replaced.column) {
    for (guint i = 1; i < region.column && begin < at; i++)
      begin = g_utf8_next_char(begin);
  }
  const gchar *rest = at + correction->length, *end = last.at + last.length;
  if (begin > at || rest > end)
    return NULL;
  g_autoptr(GString) lines = g_string_new_len(begin, at - begin);
  g_string_append(lines, correction->text);
  g_string_append_len(lines, rest, end - rest);
  return text_valid(g_strchomp(is_line ? g_strchug(lines->str) : lines->str), -1);
}

static void correct(Finding *finding, Bytes document, const Snippet *snippet,
                    const ClaimResult *result) {
  g_autofree gchar *reason = NULL;
  g_autoptr(Correction) correction =
      correction_of_claim(document.bytes, document.size, snippet, result, &reason);
  if (correction == NULL)
    return;
  finding->replaced = region_of_bytes(document, correction->offset, correction->length);
  finding->put = text_valid(correction->text, -1);
  finding->advice = advice_of(document, correction, finding->region, finding->replaced);
}

/* --- verdicts -------------------------------------------------------------------- */

/* The expectation's own difference says what is new. */
static gchar *key_of(const Snippet *snippet, const Verdict *verdict, const ProblemLine *problem) {
  const Claim *claim = problem->result != NULL ? problem->result->claim : NULL;
  const gchar *text = claim != NULL                       ? claim->text
                      : problem->class == VERDICT_CHANGED ? verdict->difference
                                                          : NULL;
  return g_strdup_printf("%s\n%s\n%s", snippet->content_id,
                         claim != NULL ? claim_rule_name(claim->rule) : "",
                         text != NULL ? text : "");
}

void findings_add_verdict(GPtrArray *findings, const FormatOptions *options, guint rank,
                          const Snippet *snippet, const Transcript *transcript,
                          const Verdict *verdict) {
  g_autoptr(GPtrArray) problems =
      problems_of_verdict(snippet, transcript, verdict, options->is_strict);
  g_autofree gchar *bytes = NULL;
  Bytes document = {0};
  for (guint i = 0; i < problems->len; i++) {
    const ProblemLine *problem = g_ptr_array_index(problems, i);
    if (problem->result != NULL && bytes == NULL && options->read != NULL &&
        options->read(snippet->document, &bytes, &document.size, options->data))
      document.bytes = bytes;
    Region region = problem->result != NULL
                        ? region_of_claim(document, snippet, problem->result->claim)
                        : whole_line(problem->line);
    Finding *finding = add(findings, options, level_of_class(problem->class, options->is_strict),
                           verdict_class_name(problem->class), snippet->document->path, region,
                           g_strdup(problem->sentence), key_of(snippet, verdict, problem));
    finding->rank = rank;
    finding->order = snippet->first_line;
    finding->subject = g_strdup(snippet->id);
    if (problem->result != NULL && document.bytes != NULL)
      correct(finding, document, snippet, problem->result);
  }
}

/* --- all of them ----------------------------------------------------------------- */

static gint compare_numbers(guint left, guint right) {
  return (left > right) - (left < right);
}

static gint by_place(gconstpointer left, gconstpointer right) {
  const Finding *first = *(const Finding *const *)left, *second = *(const Finding *const *)right;
  gint order = compare_numbers(first->rank, second->rank);
  if (order == 0)
    order = compare_numbers(first->region.line, second->region.line);
  if (order == 0)
    order = compare_numbers(first->order, second->order);
  if (order == 0)
    order = compare_numbers(first->region.column, second->region.column);
  if (order == 0)
    order = compare_numbers(finding_rule_index(first->rule), finding_rule_index(second->rule));
  return order != 0 ? order : strcmp(first->message, second->message);
}

/* Health tells some of what is a remark, too. */
static void drop_doubles(GPtrArray *findings) {
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < findings->len;) {
    const Finding *finding = g_ptr_array_index(findings, i);
    if (finding->rank == 0 || finding->order != 0) {
      i++;
      continue;
    }
    gchar *place = g_strdup_printf("%u %u %s", finding->rank, finding->region.line, finding->rule);
    if (g_hash_table_add(seen, place))
      i++;
    else
      g_ptr_array_remove_index(findings, i);
  }
}

void findings_finish(GPtrArray *findings) {
  g_ptr_array_sort(findings, by_place);
  drop_doubles(findings);
  g_autoptr(GHashTable) times = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < findings->len; i++) {
    Finding *finding = g_ptr_array_index(findings, i);
    gchar *key = g_strconcat(finding->rule, "\n", finding->key, NULL);
    guint before = GPOINTER_TO_UINT(g_hash_table_lookup(times, key));
    g_autofree gchar *unique = g_strdup_printf("%u\n%s", before, key);
    finding->fingerprint = g_compute_checksum_for_string(G_CHECKSUM_SHA256, unique, -1);
    finding->fingerprint[FINGERPRINT_DIGITS] = '\0';
    g_hash_table_replace(times, key, GUINT_TO_POINTER(before + 1));
  }
}
