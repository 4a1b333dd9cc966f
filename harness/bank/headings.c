#include "bank/headings.h"

#include <string.h>

#define LEVELS 6
#define SLUG_MAX 64

void heading_clear(gpointer heading) {
  g_free(((Heading *)heading)->path);
}

static gboolean is_apostrophe(gunichar character) {
  return character == '\'' || character == 0x2019;
}

gchar *heading_slug(const gchar *text) {
  g_autoptr(GString) slug = g_string_new(NULL);
  gsize word = 0; /* where the last word begins */
  for (const gchar *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar character = g_utf8_get_char(at);
    if (g_unichar_isalnum(character) || g_unichar_ismark(character))
      g_string_append_unichar(slug, g_unichar_tolower(character));
    else if (!is_apostrophe(character) && slug->len > word) {
      g_string_append_c(slug, '-');
      word = slug->len;
    }
    if (slug->len > SLUG_MAX) {
      if (word > 0)
        g_string_truncate(slug, word);
      break;
    }
  }
  if (slug->len > 0 && slug->str[slug->len - 1] == '-')
    g_string_truncate(slug, slug->len - 1);
  return g_strdup(slug->len > 0 ? slug->str : "untitled");
}

static gsize count_digits(const gchar *at) {
  return strspn(at, "0123456789");
}

/* "13" or "13.1"; has_dot says which. */
static gsize number_length(const gchar *at, gboolean *has_dot) {
  gsize length = count_digits(at);
  *has_dot = FALSE;
  while (length > 0 && at[length] == '.' && count_digits(at + length + 1) > 0) {
    length += 1 + count_digits(at + length + 1);
    *has_dot = TRUE;
  }
  return length;
}

void heading_split(const gchar *text, gchar **number, gchar **title) {
  static const gchar *const words[] = {"question", "q", NULL};
  const gchar *at = text;
  gboolean has_word = FALSE, has_dot;

  for (guint i = 0; words[i] != NULL && !has_word; i++) {
    gsize length = strlen(words[i]);
    if (g_ascii_strncasecmp(text, words[i], length) != 0)
      continue;
    at = text + length;
    at += strspn(at, ".");
    at += strspn(at, " \t#");
    has_word = count_digits(at) > 0;
  }
  if (!has_word)
    at = text;

  gsize length = number_length(at, &has_dot);
  const gchar *rest = at + length;
  gboolean has_sign = *rest != '\0' && strchr(".):", *rest) != NULL;
  if (has_sign)
    rest++;
  gboolean ends = *rest == '\0' || *rest == ' ' || *rest == '\t';
  /* "1.What" is common, "3.x" is no number. */
  gboolean joins = has_sign && (g_ascii_isupper(*rest) || (guchar)*rest >= 0x80);
  if (length == 0 || length > 16 || !(ends || joins) || !(has_sign || has_dot || has_word)) {
    *number = NULL;
    *title = g_strdup(text);
    return;
  }
  rest += strspn(rest, " \t-");
  *number = g_strndup(at, length);
  *title = g_strdup(rest);
}

/* What is known of a heading while the outline is drawn. */
typedef struct {
  gchar *number, *title;
} Name;

static void name_clear(gpointer name) {
  g_free(((Name *)name)->number);
  g_free(((Name *)name)->title);
}

/* Compares "13" and "13.1" part by part. */
static gint compare_numbers(const gchar *a, const gchar *b) {
  while (*a != '\0' && *b != '\0') {
    gchar *a_end, *b_end;
    guint64 left = g_ascii_strtoull(a, &a_end, 10), right = g_ascii_strtoull(b, &b_end, 10);
    if (left != right)
      return left < right ? -1 : 1;
    a = *a_end == '.' ? a_end + 1 : a_end;
    b = *b_end == '.' ? b_end + 1 : b_end;
  }
  return (*a != '\0') - (*b != '\0');
}

typedef struct {
  GArray *headings; /* Heading */
  GArray *names;    /* Name, one a heading */
  gboolean is_section_level[LEVELS + 1];
  gint section[LEVELS + 1];  /* open unnumbered heading of each level, or -1 */
  gint numbered[LEVELS + 1]; /* open numbered heading of each level, or -1 */
  gint current;              /* the question that is open, or -1 */
} Outline;

static const Heading *heading_at(const Outline *outline, guint i) {
  return &g_array_index(outline->headings, Heading, i);
}

static const Name *name_at(const Outline *outline, guint i) {
  return &g_array_index(outline->names, Name, i);
}

/* The first heading, where no other has its level. A title that carries a
 * number is one only if the questions under it are told apart otherwise. */
static gboolean first_is_title(const Outline *outline) {
  gboolean others_numbered = FALSE;
  for (guint i = 1; i < outline->headings->len; i++) {
    if (heading_at(outline, i)->level <= heading_at(outline, 0)->level)
      return FALSE;
    others_numbered |= name_at(outline, i)->number != NULL;
  }
  const gchar *number = name_at(outline, 0)->number;
  return number == NULL || others_numbered ||
         (strchr(number, '.') != NULL && outline->headings->len > 1);
}

/* Level of the section that a title of the questions' own level stands over:
 * the first heading is a title too where the sections come right behind it. */
static gboolean first_stands_over_sections(const Outline *outline) {
  return outline->headings->len > 1 && name_at(outline, 0)->number == NULL &&
         name_at(outline, 1)->number == NULL &&
         heading_at(outline, 0)->level < heading_at(outline, 1)->level &&
         outline->is_section_level[heading_at(outline, 1)->level];
}

static void learn_section_levels(Outline *outline) {
  const gchar *previous = NULL;
  for (guint i = 0; i < outline->headings->len; i++) {
    if (name_at(outline, i)->number != NULL) {
      previous = name_at(outline, i)->number;
      continue;
    }
    if (i + 1 == outline->headings->len)
      break;
    const gchar *next = name_at(outline, i + 1)->number;
    guint level = heading_at(outline, i)->level;
    if (next != NULL && level != heading_at(outline, i + 1)->level &&
        (previous == NULL || compare_numbers(next, previous) <= 0))
      outline->is_section_level[level] = TRUE;
  }
}

static void close_from(gint *open, guint level) {
  for (; level <= LEVELS; level++)
    open[level] = -1;
}

/* Writes section titles and the id's path for a heading that is a question. */
static void add_question(Outline *outline, Document *document, guint i) {
  Heading *heading = &g_array_index(outline->headings, Heading, i);
  const Name *name = name_at(outline, i);
  g_autoptr(GPtrArray) titles = g_ptr_array_new();
  g_autoptr(GString) path = g_string_new(NULL);
  gint *const stacks[] = {outline->section, outline->numbered};
  guint section_line = 0;

  for (guint stack = 0; stack < G_N_ELEMENTS(stacks); stack++)
    for (guint level = 1; level <= LEVELS; level++) {
      gint above = stacks[stack][level];
      if (above < 0 || (guint)above == i)
        continue;
      const gchar *title = name_at(outline, (guint)above)->title;
      const gchar *number = name_at(outline, (guint)above)->number;
      g_autofree gchar *slug = heading_slug(*title == '\0' && number != NULL ? number : title);
      g_ptr_array_add(titles, (gpointer)title);
      section_line = heading_at(outline, (guint)above)->line;
      g_string_append_printf(path, "%s/", slug);
    }
  g_ptr_array_add(titles, NULL);

  g_autofree gchar *own = name->number == NULL ? heading_slug(name->title) : NULL;
  g_string_append(path, own != NULL ? own : name->number);
  heading->path = g_strdup(path->str);
  heading->question =
      question_new(name->number, name->title, (const gchar *const *)titles->pdata, heading->line);
  heading->question->level = heading->level;
  heading->question->section_line = section_line;
  heading->question->holds_numbers =
      name->number == NULL && outline->is_section_level[heading->level];
  g_ptr_array_add(document->questions, heading->question);
  outline->current = (gint)i;
}

static void take_numbered(Outline *outline, Document *document, guint i) {
  guint level = heading_at(outline, i)->level;
  /* An unnumbered heading beside or below it is no section of its own. */
  for (guint other = level; other <= LEVELS; other++)
    if (!outline->is_section_level[other])
      outline->section[other] = -1;
  close_from(outline->numbered, level);
  add_question(outline, document, i);
  outline->numbered[level] = (gint)i;
}

static void take_unnumbered(Outline *outline, Document *document, guint i) {
  guint level = heading_at(outline, i)->level;
  gboolean in_numbered =
      outline->current >= 0 && name_at(outline, (guint)outline->current)->number != NULL;
  if (in_numbered && !outline->is_section_level[level] &&
      level > heading_at(outline, (guint)outline->current)->level)
    return;
  close_from(outline->numbered, outline->is_section_level[level] ? 1 : level);
  close_from(outline->section, level);
  add_question(outline, document, i);
  outline->section[level] = (gint)i;
}

void headings_read(Document *document, GArray *headings) {
  Outline outline = {.headings = headings, .current = -1};
  outline.names = g_array_new(FALSE, TRUE, sizeof(Name));
  g_array_set_clear_func(outline.names, name_clear);
  for (guint i = 0; i < headings->len; i++) {
    Name name;
    heading_split(heading_at(&outline, i)->text, &name.number, &name.title);
    g_array_append_val(outline.names, name);
  }
  learn_section_levels(&outline);
  close_from(outline.section, 0);
  close_from(outline.numbered, 0);

  for (guint i = 0; i < headings->len; i++) {
    if (i == 0 && (first_is_title(&outline) || first_stands_over_sections(&outline))) {
      add_question(&outline, document, i);
      heading_at(&outline, i)->question->is_title = TRUE;
      outline.current = -1;
    } else if (name_at(&outline, i)->number != NULL) {
      take_numbered(&outline, document, i);
    } else {
      take_unnumbered(&outline, document, i);
    }
  }
  g_array_unref(outline.names);
}
