#include "judge/expect_pattern.h"

#include <string.h>

G_DEFINE_QUARK(proctor - pattern - error - quark, pattern_error)

#define ANY "{...}"
#define UNORDERED "{unordered}"
#define END "{end}"

#define WHOLE "[-+]?[0-9]+(?:[_,][0-9]{3})*"
#define FRACTION "(?:[0-9]+(?:[_,][0-9]{3})*\\.[0-9]*|\\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?"
#define SPECIAL "inf|nan"

static const struct {
  const gchar *name;
  CaptureKind kind;
  const gchar *regex;
} types[] = {
    {"int", CAPTURE_NUMBER, WHOLE},
    {"float", CAPTURE_NUMBER, "[-+]?(?:" FRACTION "|" SPECIAL ")"},
    {"number", CAPTURE_NUMBER, "[-+]?(?:" FRACTION "|" SPECIAL ")|" WHOLE},
    {"seconds", CAPTURE_SECONDS, FRACTION "|[0-9]+(?:[_,][0-9]{3})*"},
    {"word", CAPTURE_TEXT, "\\S+"},
    {"text", CAPTURE_TEXT, ".*?"},
    {"address", CAPTURE_HEX, "0[xX][0-9a-fA-F]+"},
    {"hex", CAPTURE_HEX, "(?:0[xX])?[0-9a-fA-F]+"},
};

/* --- reading a line -------------------------------------------------------------- */

static gsize name_length(const gchar *text) {
  gsize length = 0;
  while (g_ascii_isalpha(text[length]) || text[length] == '_' ||
         (length > 0 && g_ascii_isdigit(text[length])))
    length++;
  return length;
}

/* The length of the matcher that begins here, 0 for plain text. Sets the capture, whose
 * strings are the caller's, where that is not NULL. */
static gsize matcher_read(const gchar *text, Capture *capture) {
  if (*text != '{')
    return 0;
  if (g_str_has_prefix(text, ANY)) {
    if (capture != NULL)
      *capture = (Capture){NULL, CAPTURE_TEXT, g_strdup(".*")};
    return strlen(ANY);
  }
  gsize length = name_length(text + 1);
  const gchar *at = text + 1 + length;
  if (*at++ != ':')
    return 0;
  CaptureKind kind = CAPTURE_TEXT;
  g_autofree gchar *regex = NULL;
  if (*at == '/') {
    const gchar *start = ++at;
    while (*at != '\0' && !(at[0] == '/' && at[1] == '}'))
      at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
    if (*at == '\0')
      return 0;
    regex = g_strndup(start, (gsize)(at - start));
    at++;
  } else {
    gsize type_length = name_length(at);
    for (guint i = 0; i < G_N_ELEMENTS(types); i++)
      if (strlen(types[i].name) == type_length && strncmp(types[i].name, at, type_length) == 0) {
        kind = types[i].kind;
        regex = g_strdup(types[i].regex);
      }
    at += type_length;
    if (regex == NULL || *at != '}')
      return 0;
  }
  if (capture != NULL)
    *capture =
        (Capture){length > 0 ? g_strndup(text + 1, length) : NULL, kind, g_steal_pointer(&regex)};
  return (gsize)(at + 1 - text);
}

static void piece_free(gpointer data) {
  PatternPiece *piece = data;
  g_free(piece->literal);
  g_free(piece->capture.name);
  g_free(piece->capture.regex);
  g_free(piece);
}

static void add_literal(GPtrArray *pieces, GString *literal) {
  if (literal->len == 0)
    return;
  PatternPiece *piece = g_new0(PatternPiece, 1);
  piece->literal = g_strdup(literal->str);
  g_ptr_array_add(pieces, piece);
  g_string_truncate(literal, 0);
}

/* A line of backslashes, at least one, and what else is {unordered} or {end}. */
static gboolean is_escaped_mark(const gchar *line) {
  gsize slashes = strspn(line, "\\");
  return slashes > 0 &&
         (g_str_equal(line + slashes, UNORDERED) || g_str_equal(line + slashes, END));
}

static GPtrArray *pieces_read(const gchar *line) {
  GPtrArray *pieces = g_ptr_array_new_with_free_func(piece_free);
  g_autoptr(GString) literal = g_string_new(NULL);
  for (const gchar *at = is_escaped_mark(line) ? line + 1 : line; *at != '\0';) {
    Capture capture = {0};
    gsize length = *at == '\\' ? matcher_read(at + 1, NULL) : 0;
    if (length > 0) {
      g_string_append_len(literal, at + 1, (gssize)length);
      at += length + 1;
    } else if ((length = matcher_read(at, &capture)) > 0) {
      add_literal(pieces, literal);
      PatternPiece *piece = g_new0(PatternPiece, 1);
      piece->capture = capture;
      g_ptr_array_add(pieces, piece);
      at += length;
    } else {
      g_string_append_c(literal, *at++);
    }
  }
  add_literal(pieces, literal);
  return pieces;
}

gchar *pattern_escape_part(const gchar *text, gboolean before_matcher) {
  GString *escaped = g_string_new(NULL);
  for (const gchar *at = text; *at != '\0'; at++) {
    gsize length = matcher_read(at, NULL);
    if (length > 0) {
      g_string_append_c(escaped, '\\');
      g_string_append_len(escaped, at, (gssize)length);
      at += length - 1;
    } else if (*at == '\\' && at[1] == '\0' && before_matcher) {
      g_string_append(escaped, "{:/\\\\/}"); /* else it would make the matcher plain */
    } else {
      g_string_append_c(escaped, *at);
    }
  }
  return g_string_free(escaped, FALSE);
}

gchar *pattern_escape(const gchar *line) {
  gsize slashes = strspn(line, "\\");
  if (g_str_equal(line + slashes, UNORDERED) || g_str_equal(line + slashes, END))
    return g_strconcat("\\", line, NULL);
  return pattern_escape_part(line, FALSE);
}

/* --- a line as a regular expression ------------------------------------------------ */

/* Names that are bound already stand for their text; one that comes twice, for what
 * its first place fits. */
static GRegex *line_compile(const GPtrArray *pieces, const Bindings *bindings, GError **error) {
  /* No expression may take longer than a moment. */
  g_autoptr(GString) text = g_string_new("(*LIMIT_MATCH=100000)\\A");
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < pieces->len; i++) {
    const PatternPiece *piece = g_ptr_array_index(pieces, i);
    const Capture *capture = &piece->capture;
    const Binding *bound =
        capture->name != NULL && bindings != NULL ? bindings_find(bindings, capture->name) : NULL;
    if (piece->literal != NULL || bound != NULL) {
      g_autofree gchar *escaped =
          g_regex_escape_string(bound != NULL ? bound->text : piece->literal, -1);
      g_string_append(text, escaped);
    } else if (capture->name == NULL) {
      g_string_append_printf(text, "(?:%s)", capture->regex);
    } else if (g_hash_table_contains(seen, capture->name)) {
      g_string_append_printf(text, "(?P=n_%s)", capture->name);
    } else {
      g_hash_table_add(seen, capture->name);
      g_string_append_printf(text, "(?P<n_%s>%s)", capture->name, capture->regex);
    }
  }
  g_string_append(text, "\\z");
  return g_regex_new(text->str, G_REGEX_DOTALL | G_REGEX_NEWLINE_LF, 0, error);
}

static void line_free(gpointer data) {
  PatternLine *line = data;
  g_free(line->raw);
  g_free(line->exact);
  g_ptr_array_unref(line->pieces);
  g_clear_pointer(&line->regex, g_regex_unref);
  g_free(line);
}

/* What would reach beyond the matcher's own part of the expression; NULL for nothing. */
static const gchar *regex_foreign(const gchar *regex) {
  for (const gchar *at = regex; *at != '\0'; at++) {
    if (at[0] == '(' && at[1] == '*')
      return "(*";
    if (at[0] == '\\' && at[1] == 'Q')
      return "\\Q";
    if (at[0] == '\\' && at[1] != '\0')
      at++;
  }
  return NULL;
}

static gboolean line_check(const PatternLine *line, guint number, GError **error) {
  for (guint i = 0; i < line->pieces->len; i++) {
    const PatternPiece *piece = g_ptr_array_index(line->pieces, i);
    g_autoptr(GError) fault = NULL;
    if (piece->literal != NULL)
      continue;
    const gchar *foreign = regex_foreign(piece->capture.regex);
    if (foreign != NULL) {
      g_set_error(error, PATTERN_ERROR, (gint)number, "'%s' has no place in a regular expression",
                  foreign);
      return FALSE;
    }
    g_autoptr(GRegex) alone = g_regex_new(piece->capture.regex, G_REGEX_DOTALL, 0, &fault);
    if (alone == NULL) {
      g_set_error(error, PATTERN_ERROR, (gint)number, "%s", fault->message);
      return FALSE;
    }
    if (piece->capture.name != NULL && strlen(piece->capture.name) > 28) {
      g_set_error(error, PATTERN_ERROR, (gint)number, "the name '%s' is too long",
                  piece->capture.name);
      return FALSE;
    }
  }
  return TRUE;
}

static PatternLine *line_new(const gchar *raw, guint number, GError **error) {
  g_autoptr(GError) fault = NULL;
  PatternLine *line = g_new0(PatternLine, 1);
  line->raw = g_strdup(raw);
  line->pieces = pieces_read(raw);
  const PatternPiece *first = line->pieces->len > 0 ? g_ptr_array_index(line->pieces, 0) : NULL;
  if (line->pieces->len == 0 || (line->pieces->len == 1 && first->literal != NULL)) {
    line->exact = g_strdup(first != NULL ? first->literal : "");
    return line;
  }
  if (line_check(line, number, error)) {
    line->regex = line_compile(line->pieces, NULL, &fault);
    if (line->regex != NULL)
      return line;
    g_set_error(error, PATTERN_ERROR, (gint)number, "%s", fault->message);
  }
  line_free(line);
  return NULL;
}

/* --- the whole --------------------------------------------------------------------- */

static void item_free(gpointer data) {
  PatternItem *item = data;
  g_ptr_array_unref(item->lines);
  g_free(item);
}

static PatternItem *item_add(Pattern *pattern, ItemKind kind) {
  PatternItem *item = g_new0(PatternItem, 1);
  item->kind = kind;
  item->lines = g_ptr_array_new_with_free_func(line_free);
  g_ptr_array_add(pattern->items, item);
  return item;
}

static gboolean pattern_fill(Pattern *pattern, const GPtrArray *lines, GError **error) {
  PatternItem *unordered = NULL;
  guint begun = 0;
  for (guint i = 0; i < lines->len; i++) {
    const gchar *text = g_ptr_array_index(lines, i);
    if (unordered == NULL && g_str_equal(text, UNORDERED)) {
      unordered = item_add(pattern, ITEM_UNORDERED);
      begun = i + 1;
    } else if (unordered != NULL && g_str_equal(text, END)) {
      unordered = NULL;
    } else if (unordered == NULL && g_str_equal(text, ANY)) {
      item_add(pattern, ITEM_ANY);
    } else {
      PatternLine *line = line_new(text, i + 1, error);
      if (line == NULL)
        return FALSE;
      PatternItem *item = unordered != NULL ? unordered : item_add(pattern, ITEM_LINE);
      g_ptr_array_add(item->lines, line);
    }
  }
  if (unordered == NULL)
    return TRUE;
  g_set_error(error, PATTERN_ERROR, (gint)begun, UNORDERED " without " END);
  return FALSE;
}

Pattern *pattern_new(const gchar *body, GError **error) {
  g_autoptr(Pattern) pattern = g_new0(Pattern, 1);
  g_autoptr(GPtrArray) lines = output_lines(body);
  pattern->items = g_ptr_array_new_with_free_func(item_free);
  return pattern_fill(pattern, lines, error) ? g_steal_pointer(&pattern) : NULL;
}

void pattern_free(Pattern *pattern) {
  if (pattern == NULL)
    return;
  g_ptr_array_unref(pattern->items);
  g_free(pattern);
}

const Capture *pattern_capture(const Pattern *pattern, const gchar *name) {
  for (guint i = 0; i < pattern->items->len; i++) {
    const PatternItem *item = g_ptr_array_index(pattern->items, i);
    for (guint j = 0; j < item->lines->len; j++) {
      const PatternLine *line = g_ptr_array_index(item->lines, j);
      for (guint k = 0; k < line->pieces->len; k++) {
        const PatternPiece *piece = g_ptr_array_index(line->pieces, k);
        if (piece->literal == NULL && g_strcmp0(piece->capture.name, name) == 0)
          return &piece->capture;
      }
    }
  }
  return NULL;
}

/* --- matching a line --------------------------------------------------------------- */

static void binding_clear(gpointer data) {
  Binding *binding = data;
  g_free(binding->text);
}

Bindings *bindings_new(void) {
  Bindings *bindings = g_array_new(FALSE, FALSE, sizeof(Binding));
  g_array_set_clear_func(bindings, binding_clear);
  return bindings;
}

const Binding *bindings_find(const Bindings *bindings, const gchar *name) {
  for (guint i = 0; i < bindings->len; i++) {
    const Binding *binding = &g_array_index(bindings, Binding, i);
    if (g_str_equal(binding->name, name))
      return binding;
  }
  return NULL;
}

static gboolean is_partly_bound(const PatternLine *line, const Bindings *bindings) {
  for (guint i = 0; bindings->len > 0 && i < line->pieces->len; i++) {
    const PatternPiece *piece = g_ptr_array_index(line->pieces, i);
    if (piece->capture.name != NULL && bindings_find(bindings, piece->capture.name) != NULL)
      return TRUE;
  }
  return FALSE;
}

gboolean pattern_line_match(const PatternLine *line, const gchar *text, Bindings *bindings) {
  if (line->exact != NULL)
    return g_str_equal(line->exact, text);
  g_autoptr(GRegex) regex = is_partly_bound(line, bindings)
                                ? line_compile(line->pieces, bindings, NULL)
                                : g_regex_ref(line->regex);
  g_autoptr(GMatchInfo) match = NULL;
  if (regex == NULL || !g_regex_match(regex, text, 0, &match))
    return FALSE;
  for (guint i = 0; i < line->pieces->len; i++) {
    const PatternPiece *piece = g_ptr_array_index(line->pieces, i);
    const Capture *capture = &piece->capture;
    if (capture->name == NULL || bindings_find(bindings, capture->name) != NULL)
      continue;
    g_autofree gchar *group = g_strconcat("n_", capture->name, NULL);
    gchar *bound = g_match_info_fetch_named(match, group);
    g_array_append_val(bindings, ((Binding){capture->name, capture->kind, bound}));
  }
  return TRUE;
}

/* --- text -------------------------------------------------------------------------- */

GPtrArray *output_lines(const gchar *text) {
  GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
  for (const gchar *at = text; *at != '\0';) {
    gsize length = strcspn(at, "\n");
    g_ptr_array_add(lines, g_strchomp(g_strndup(at, length)));
    at += length + (at[length] == '\n');
  }
  return lines;
}

gchar *output_text(const Transcript *transcript) {
  return g_utf8_make_valid(transcript->output->str, (gssize)transcript->output->len);
}
