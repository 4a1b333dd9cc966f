#include "bank/transcript_text.h"

#include <string.h>

#include "bank/python_tokens.h"

typedef struct {
  const gchar *at; /* without its newline */
  gsize length;
  guint number; /* from 1 */
} Line;

typedef struct {
  const gchar *at, *end;
  guint number; /* of the line before at */
} Lines;

static gboolean lines_peek(const Lines *lines, Line *line) {
  if (lines->at == lines->end)
    return FALSE;
  const gchar *stop = memchr(lines->at, '\n', (gsize)(lines->end - lines->at));
  line->at = lines->at;
  line->length = (gsize)((stop != NULL ? stop : lines->end) - lines->at);
  line->number = lines->number + 1;
  return TRUE;
}

static void lines_skip(Lines *lines) {
  const gchar *stop = memchr(lines->at, '\n', (gsize)(lines->end - lines->at));
  lines->at = stop != NULL ? stop + 1 : lines->end;
  lines->number++;
}

static gsize count_blanks(const Line *line) {
  gsize blanks = 0;
  while (blanks < line->length && (line->at[blanks] == ' ' || line->at[blanks] == '\t'))
    blanks++;
  return blanks;
}

static gboolean line_is_blank(const Line *line) {
  return count_blanks(line) == line->length;
}

/* Whether a line has that prompt behind its blanks; >>>> and .... are none. */
static gboolean has_prompt(const Line *line, const gchar *prompt) {
  gsize blanks = count_blanks(line);
  return line->length - blanks >= 3 && memcmp(line->at + blanks, prompt, 3) == 0 &&
         (line->length - blanks == 3 || line->at[blanks + 3] != prompt[0]);
}

static gboolean has_separate_prompt(const Line *line, const gchar *prompt) {
  gsize blanks = count_blanks(line);
  return has_prompt(line, prompt) && (line->length - blanks == 3 || line->at[blanks + 3] == ' ' ||
                                      line->at[blanks + 3] == '\t');
}

gboolean line_is_prompt(const gchar *line, gsize length) {
  Line whole = {.at = line, .length = length};
  return length >= 3 && *line == '>' && has_separate_prompt(&whole, ">>>");
}

gboolean text_is_transcript(const gchar *text, gsize size) {
  Lines lines = {.at = text, .end = text + size};
  for (Line line; lines_peek(&lines, &line); lines_skip(&lines)) {
    gsize blanks = count_blanks(&line);
    if (blanks < line.length && line.at[blanks] != '#')
      return has_prompt(&line, ">>>");
  }
  return FALSE;
}

static void append_without(GString *out, const Line *line, gsize drop) {
  g_string_append_len(out, line->at + drop, (gssize)(line->length - drop));
  g_string_append_c(out, '\n');
}

/* Appends what stands behind a prompt and one blank. */
static void append_code(GString *code, const Line *line) {
  gsize drop = count_blanks(line) + 3;
  if (drop < line->length && line->at[drop] == ' ')
    drop++;
  append_without(code, line, drop);
}

/* How far code goes that has been read so far. */
typedef enum { CODE_WHOLE, CODE_OPEN, CODE_WANTS_BODY } CodeState;

static CodeState code_state(const GString *code) {
  PythonScanner scanner;
  PythonToken token, last = {.kind = TOKEN_END};
  python_scanner_init(&scanner, code->str, code->len);
  while (python_scanner_next(&scanner, &token)) {
    if (token.kind == TOKEN_NEWLINE || token.kind == TOKEN_COMMENT)
      continue;
    if (token.kind != TOKEN_BREAK || *token.start == '\\')
      last = token;
  }
  if (scanner.depth > 0 || last.kind == TOKEN_BREAK)
    return CODE_OPEN;
  if (last.kind == TOKEN_OPERATOR && last.length == 1 && *last.start == ':')
    return CODE_WANTS_BODY;
  /* An unclosed triple-quoted string took the last newline with it. */
  return last.kind == TOKEN_STRING && last.start[last.length - 1] == '\n' ? CODE_OPEN : CODE_WHOLE;
}

/* Takes lines up to where an open bracket or string closes; where it never
 * does before the next prompt, it takes none. */
static void read_until_closed(Lines *lines, GString *code, gsize indentation) {
  Lines ahead = *lines;
  Line line;
  PythonScanner scanner;
  PythonToken token;
  g_autoptr(GString) all = g_string_new(code->str);
  while (lines_peek(&ahead, &line) && !has_prompt(&line, ">>>")) {
    append_without(all, &line, MIN(count_blanks(&line), indentation));
    lines_skip(&ahead);
  }
  python_scanner_init(&scanner, all->str, all->len);
  while (python_scanner_next(&scanner, &token)) {
    gsize stop = (gsize)(token.start - all->str) + token.length;
    if (token.kind != TOKEN_NEWLINE || token.length == 0 || stop <= code->len)
      continue;
    for (gsize at = code->len; at < stop; at++)
      if (all->str[at] == '\n')
        lines_skip(lines);
    g_string_truncate(all, stop);
    g_string_assign(code, all->str);
    return;
  }
}

/* Whether a line without a prompt can stand in a body whose prompt has that
 * indentation. */
static gboolean is_in_body(const Line *line, gsize indentation) {
  return !line_is_blank(line) && count_blanks(line) > indentation && !has_prompt(line, ">>>") &&
         !has_prompt(line, "...");
}

/* Moves to the line behind a body; FALSE where there is none. A blank line does
 * not end it if deeper code than a prompt is wide comes next. */
static gboolean find_body_end(Lines *lines, gsize indentation, gsize *least) {
  Line line;
  *least = G_MAXSIZE;
  for (Lines ahead = *lines; lines_peek(&ahead, &line);) {
    gboolean is_blank = line_is_blank(&line);
    if (is_blank && *least < G_MAXSIZE) {
      lines_skip(&ahead);
      continue;
    }
    gboolean goes_on = ahead.at == lines->at || count_blanks(&line) > indentation + 4;
    if (!goes_on || !is_in_body(&line, indentation))
      break;
    *least = MIN(*least, count_blanks(&line) - indentation);
    lines_skip(&ahead);
    *lines = ahead;
  }
  return *least < G_MAXSIZE;
}

/* Takes the indented lines below a colon. Where prompts are shown as blanks,
 * their four columns are no indentation. */
static void read_body(Lines *lines, GString *code, gsize indentation) {
  Lines behind = *lines;
  Line line;
  gsize least, drop = indentation;
  if (!find_body_end(&behind, indentation, &least) || !lines_peek(lines, &line))
    return;
  if (least >= 4 && count_blanks(&line) > indentation + 4)
    drop += 4;
  for (; lines->at < behind.at; lines_skip(lines)) {
    lines_peek(lines, &line);
    append_without(code, &line, MIN(drop, count_blanks(&line)));
  }
}

/* Where prompts are shown as blanks, the one that ends a body is a blank line
 * between it and what is shown. */
static void skip_blank_prompt(Lines *lines) {
  Lines ahead = *lines;
  Line line;
  if (!lines_peek(&ahead, &line) || !line_is_blank(&line))
    return;
  lines_skip(&ahead);
  if (lines_peek(&ahead, &line) && !line_is_blank(&line) && !has_prompt(&line, ">>>"))
    *lines = ahead;
}

/* Lines without a prompt that belong to the code nevertheless. Returns the last
 * line of the code. */
static guint read_unprompted(Lines *lines, GString *code, gsize indentation) {
  if (code_state(code) == CODE_OPEN)
    read_until_closed(lines, code, indentation);
  guint last = lines->number;
  if (code_state(code) != CODE_WANTS_BODY)
    return last;
  read_body(lines, code, indentation);
  if (lines->number > last) {
    last = lines->number;
    skip_blank_prompt(lines);
  }
  return last;
}

/* Comments and blanks alone: nothing to run. */
static gboolean is_code(const GString *code) {
  PythonScanner scanner;
  PythonToken token;
  python_scanner_init(&scanner, code->str, code->len);
  while (python_scanner_next(&scanner, &token))
    if (token.kind != TOKEN_COMMENT && token.kind != TOKEN_BREAK)
      return TRUE;
  return FALSE;
}

static void read_example(Snippet *snippet, Lines *lines) {
  g_autoptr(GString) code = g_string_new(NULL);
  g_autoptr(GString) want = g_string_new(NULL);
  Line line;
  guint want_line = 0;

  lines_peek(lines, &line);
  guint first = line.number;
  gsize indentation = count_blanks(&line);
  append_code(code, &line);
  lines_skip(lines);
  while (lines_peek(lines, &line) && has_separate_prompt(&line, "...")) {
    append_code(code, &line);
    lines_skip(lines);
  }
  guint last = read_unprompted(lines, code, indentation);

  while (lines_peek(lines, &line) && !line_is_blank(&line) && !has_prompt(&line, ">>>")) {
    if (want_line == 0)
      want_line = line.number;
    append_without(want, &line, MIN(count_blanks(&line), indentation));
    lines_skip(lines);
  }
  /* What stands under a mere comment is for the reader to find out. */
  if (!is_code(code))
    return;
  g_ptr_array_add(snippet->examples, example_new(first, last, code->str, want->str, want_line));
}

void transcript_text_read(Snippet *snippet) {
  Lines lines = {.at = snippet->source, .end = snippet->source + strlen(snippet->source)};
  for (Line line; lines_peek(&lines, &line);) {
    if (has_prompt(&line, ">>>"))
      read_example(snippet, &lines);
    else
      lines_skip(&lines);
  }
}
