#include "bank/numbering.h"

#include <string.h>

/* Larger numbers are years and dates. */
#define NUMBER_MAX 999u
/* Where so many are missing in one place, the numbers are not counted off. */
#define GAP_MAX 20u
/* At least one of so many numbers is there. */
#define SPARSE 3u

typedef struct {
  const Question *question;
  gchar *prefix; /* "2." of "2.3", "" of "3"; borrowed from the question's number */
  gsize prefix_length;
  guint number;
} Numbered;

/* Numbered questions that are counted together. */
typedef struct Series Series;
struct Series {
  GArray *members; /* guint: places among the document's numbered questions */
  Series *before;  /* of the same level and prefix; NULL for none */
  guint first;
  guint largest;
};

typedef struct {
  GArray *numbered;  /* Numbered, in the document's order */
  GPtrArray *series; /* Series *, in order of their first questions */
  GArray *faults;
} Reader;

static void series_free(gpointer data) {
  Series *series = data;
  g_array_unref(series->members);
  g_free(series);
}

static const Numbered *numbered_at(const Reader *reader, guint place) {
  return &g_array_index(reader->numbered, Numbered, place);
}

static const Numbered *member_at(const Reader *reader, const Series *series, guint i) {
  return numbered_at(reader, g_array_index(series->members, guint, i));
}

static gboolean has_same_prefix(const Numbered *a, const Numbered *b) {
  return a->prefix_length == b->prefix_length &&
         memcmp(a->prefix, b->prefix, a->prefix_length) == 0;
}

static void read_numbers(Reader *reader, const Document *document) {
  for (guint i = 0; i < document->questions->len; i++) {
    const Question *question = g_ptr_array_index(document->questions, i);
    if (question->number == NULL || question->is_title)
      continue;
    const gchar *dot = strrchr(question->number, '.');
    const gchar *last = dot != NULL ? dot + 1 : question->number;
    guint64 number = g_ascii_strtoull(last, NULL, 10);
    if (number > NUMBER_MAX)
      continue;
    Numbered numbered = {question, question->number, (gsize)(last - question->number),
                         (guint)number};
    g_array_append_val(reader->numbered, numbered);
  }
}

static void series_take(Reader *reader, Series *series, guint place) {
  guint number = numbered_at(reader, place)->number;
  if (series->members->len == 0)
    series->first = number;
  series->largest = MAX(series->largest, number);
  g_array_append_val(series->members, place);
}

/* Takes key over. */
static Series *series_of(Reader *reader, GHashTable *known, GHashTable *last, gchar *key,
                         const gchar *place) {
  Series *series = g_hash_table_lookup(known, key);
  if (series != NULL) {
    g_free(key);
    return series;
  }
  series = g_new0(Series, 1);
  series->members = g_array_new(FALSE, FALSE, sizeof(guint));
  series->before = g_hash_table_lookup(last, place);
  g_ptr_array_add(reader->series, series);
  g_hash_table_insert(known, key, series);
  g_hash_table_insert(last, g_strdup(place), series);
  return series;
}

/* One for each section, level of headings and prefix. */
static void part_series(Reader *reader) {
  g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint place = 0; place < reader->numbered->len; place++) {
    const Numbered *numbered = numbered_at(reader, place);
    const Question *question = numbered->question;
    g_autofree gchar *level = g_strdup_printf("%u %.*s", question->level,
                                              (gint)numbered->prefix_length, numbered->prefix);
    gchar *key = g_strdup_printf("%u %s", question->section_line, level);
    series_take(reader, series_of(reader, known, last, key, level), place);
  }
}

static gboolean goes_on(const Series *series) {
  return series->before != NULL && series->first == series->before->largest + 1;
}

/* Whether sections count on where the one before has stopped: each does that can. */
static gboolean counts_through(const Reader *reader) {
  guint on = 0;
  for (guint i = 0; i < reader->series->len; i++) {
    const Series *series = g_ptr_array_index(reader->series, i);
    if (series->before != NULL && series->first <= series->before->largest)
      return FALSE;
    on += goes_on(series);
  }
  return on > 0;
}

/* Joins the series of a document that is counted through. */
static void join_series(Reader *reader) {
  for (guint i = reader->series->len; i-- > 0;) {
    const Series *series = g_ptr_array_index(reader->series, i);
    if (series->before == NULL)
      continue;
    for (guint j = 0; j < series->members->len; j++)
      series_take(reader, series->before, g_array_index(series->members, guint, j));
    g_ptr_array_remove_index(reader->series, i);
  }
}

static gboolean is_nested(const Reader *reader, const Series *series) {
  return member_at(reader, series, 0)->prefix_length > 0;
}

/* Whether sections begin with 1, or with 0: then so should the others. */
static gboolean begins_anew(const Reader *reader, gboolean nested) {
  guint anew = 0;
  for (guint i = 0; i < reader->series->len; i++) {
    const Series *series = g_ptr_array_index(reader->series, i);
    if (is_nested(reader, series) != nested)
      continue;
    if (goes_on(series) && series->first > 1)
      return FALSE;
    anew += series->first <= 1;
  }
  return anew > 0;
}

static void add_gap(Reader *reader, const Question *before, guint first, guint last) {
  NumberFault fault = {.question = before, .first = first, .last = last};
  if (last - first < GAP_MAX)
    g_array_append_val(reader->faults, fault);
}

/* A number may be there at another level, by a slip of the headings' signs. */
static gboolean stands_between(const Reader *reader, const Numbered *like, guint from, guint to,
                               guint number) {
  for (guint place = from; place < to; place++) {
    const Numbered *other = numbered_at(reader, place);
    if (other->number == number && has_same_prefix(other, like))
      return TRUE;
  }
  return FALSE;
}

/* Gaps in members from `from` up to `to`, which count up once. */
static void find_gaps(Reader *reader, const Series *series, guint from, guint to,
                      gboolean is_from_one) {
  gboolean is_there[NUMBER_MAX + 1] = {FALSE};
  guint smallest = NUMBER_MAX, ups = 0, downs = 0;
  for (guint i = from; i < to; i++) {
    guint number = member_at(reader, series, i)->number;
    is_there[number] = TRUE;
    smallest = MIN(smallest, number);
    if (i > from) {
      ups += number > member_at(reader, series, i - 1)->number;
      downs += number < member_at(reader, series, i - 1)->number;
    }
  }
  if (downs >= ups)
    return;

  const Numbered *first = member_at(reader, series, from);
  guint place = g_array_index(series->members, guint, from);
  gboolean is_next = place > 0 && numbered_at(reader, place - 1)->number + 1 == first->number;
  guint next = is_from_one && !is_next ? 1 : smallest; /* is missing if it is not found */
  for (guint i = from; i < to; i++) {
    const Numbered *member = member_at(reader, series, i);
    if (member->number < next)
      continue;
    guint begin = place;
    place = g_array_index(series->members, guint, i);
    guint missing = 0; /* the first of those that are */
    for (guint number = next; number <= member->number; number++) {
      gboolean is_missing = number < member->number && !is_there[number] &&
                            !stands_between(reader, member, begin, place, number);
      if (is_missing && missing == 0)
        missing = number;
      if (!is_missing && missing != 0) {
        add_gap(reader, member->question, missing, number - 1);
        missing = 0;
      }
    }
    next = member->number + 1;
  }
}

/* Doubles, and between the places where the numbers start anew, gaps. */
static void read_series(Reader *reader, const Series *series, gboolean is_from_one,
                        gboolean has_gaps) {
  const Question *owner[NUMBER_MAX + 1] = {NULL};
  guint begin = 0, largest = 0;
  guint count = series->members->len;
  for (guint i = 0; i < count; i++) {
    const Numbered *member = member_at(reader, series, i);
    gboolean is_double = owner[member->number] != NULL;
    /* One that is out of place does not go on from where it is. */
    gboolean starts_anew = is_double && i > begin &&
                           member->number < member_at(reader, series, i - 1)->number &&
                           i + 1 < count && member_at(reader, series, i + 1)->number <= largest &&
                           member_at(reader, series, i + 1)->number > member->number;
    if (starts_anew) {
      if (has_gaps)
        find_gaps(reader, series, begin, i, is_from_one);
      begin = i;
      largest = 0;
    }
    largest = MAX(largest, member->number);
    if (is_double) {
      NumberFault fault = {.question = member->question,
                           .earlier = owner[member->number],
                           .starts_anew = starts_anew};
      g_array_append_val(reader->faults, fault);
    } else {
      owner[member->number] = member->question;
    }
  }
  if (has_gaps)
    find_gaps(reader, series, begin, count, is_from_one);
}

/* Whether enough of the numbers are there to say that others are not. */
static gboolean is_counted_off(const Reader *reader) {
  guint there = 0, span = 0;
  for (guint i = 0; i < reader->series->len; i++) {
    const Series *series = g_ptr_array_index(reader->series, i);
    if (series->members->len < 2)
      continue;
    there += series->members->len;
    span += series->largest - MIN(series->first, series->largest) + 1;
  }
  return there * SPARSE >= span;
}

static gint compare_faults(gconstpointer a, gconstpointer b) {
  const NumberFault *left = a, *right = b;
  if (left->question->line != right->question->line)
    return left->question->line < right->question->line ? -1 : 1;
  if ((left->earlier != NULL) != (right->earlier != NULL))
    return left->earlier != NULL ? 1 : -1;
  return (left->first > right->first) - (left->first < right->first);
}

GArray *numbering_faults(const Document *document) {
  Reader reader = {.numbered = g_array_new(FALSE, FALSE, sizeof(Numbered)),
                   .series = g_ptr_array_new_with_free_func(series_free),
                   .faults = g_array_new(FALSE, TRUE, sizeof(NumberFault))};
  read_numbers(&reader, document);
  part_series(&reader);
  if (counts_through(&reader))
    join_series(&reader);
  gboolean has_gaps = is_counted_off(&reader);
  const gboolean from_one[] = {begins_anew(&reader, FALSE), begins_anew(&reader, TRUE)};
  for (guint i = 0; i < reader.series->len; i++) {
    const Series *series = g_ptr_array_index(reader.series, i);
    if (series->members->len > 1)
      read_series(&reader, series, from_one[is_nested(&reader, series) ? 1 : 0], has_gaps);
  }
  g_array_sort(reader.faults, compare_faults);
  g_array_unref(reader.numbered);
  g_ptr_array_unref(reader.series);
  return reader.faults;
}
