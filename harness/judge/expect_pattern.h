/*
 * expect_pattern.h: the accepted output, with its matchers. Private to judge/ and its tests.
 *
 * All text is exact, but for blanks at line ends and for:
 *
 *   {name:type}     text of that type; without a name: {:type}. Types: int, float, number
 *                   (either), seconds (a number without a sign, and a time to judge/relation.h),
 *                   word (no blanks), text (anything, as little as fits), address (0x7f...),
 *                   hex
 *   {name:/regex/}  what the regular expression matches (PCRE; `/}` ends it); {:/regex/}
 *   {...}           anything within a line; alone on a line, any lines, none as well
 *   {unordered}     on a line of its own: the lines up to {end} in any order
 *
 * A name that is used again stands for the same text. A backslash before what would be a
 * matcher makes it plain text. Everything else is plain, so that dicts, sets and "..." are
 * written as they are.
 */
#pragma once

#include <glib.h>

#include "model/transcript.h"

#define PATTERN_ERROR (pattern_error_quark())
typedef enum {
  PATTERN_ERROR_SYNTAX, /* the code is the line of the body, from 1 */
} PatternError;
GQuark pattern_error_quark(void);

typedef enum { CAPTURE_NUMBER, CAPTURE_SECONDS, CAPTURE_HEX, CAPTURE_TEXT } CaptureKind;

typedef struct {
  gchar *name; /* NULL where it has none */
  CaptureKind kind;
  gchar *regex; /* a group without a name */
} Capture;

/* Literal text, or a capture. */
typedef struct {
  gchar *literal; /* NULL for a capture */
  Capture capture;
} PatternPiece;

typedef struct {
  gchar *raw;        /* as written, without blanks at its end */
  gchar *exact;      /* the line that it stands for, where that is one only; else NULL */
  GPtrArray *pieces; /* PatternPiece * */
  GRegex *regex;     /* NULL where it is exact */
} PatternLine;

typedef enum { ITEM_LINE, ITEM_ANY, ITEM_UNORDERED } ItemKind;

typedef struct {
  ItemKind kind;
  GPtrArray *lines; /* PatternLine *: one for ITEM_LINE, none for ITEM_ANY */
} PatternItem;

typedef struct {
  GPtrArray *items; /* PatternItem * */
} Pattern;

/* What names stand for, in order of their lines. */
typedef struct {
  const gchar *name; /* borrowed from the pattern */
  CaptureKind kind;
  gchar *text;
} Binding;
typedef GArray Bindings; /* Binding */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bindings, g_array_unref)

/* NULL with PATTERN_ERROR: a regular expression that is none, {unordered} without {end}. */
Pattern *pattern_new(const gchar *body, GError **error);
void pattern_free(Pattern *pattern);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pattern, pattern_free)

/* The capture of this name, or NULL. */
const Capture *pattern_capture(const Pattern *pattern, const gchar *name);

/* A line as the body of a pattern must have it to stand for just that line. */
gchar *pattern_escape(const gchar *line);

/* The same for a part of a line, which stands before a matcher where so said. */
gchar *pattern_escape_part(const gchar *text, gboolean before_matcher);

Bindings *bindings_new(void);
const Binding *bindings_find(const Bindings *bindings, const gchar *name);

/* TRUE where the line fits; what it names is added to the bindings. FALSE also for a regular
 * expression that takes too many steps. */
gboolean pattern_line_match(const PatternLine *line, const gchar *text, Bindings *bindings);

/* The unordered lines of an item among some lines (gchar *): taken[i] is set to the line
 * (index in item->lines) that text i fits, -1 for none. No line is used twice; as many are as
 * can be within a moment. Names count within a line only. */
void pattern_item_assign(const PatternItem *item, gchar *const *texts, guint count, gint *taken);

/* TRUE where all the lines (gchar *, as output_lines() gives them) fit. The bindings
 * then hold all names; else they are as they were. */
gboolean pattern_match(const Pattern *pattern, const GPtrArray *lines, Bindings *bindings);

/* The same; where it is FALSE, says whether that is for the time that {unordered} takes. */
gboolean pattern_match_within(const Pattern *pattern, const GPtrArray *lines, Bindings *bindings,
                              gboolean *is_spent);

/* The lines of a text without blanks at their ends: gchar *, owned. */
GPtrArray *output_lines(const gchar *text);

/* What the subject wrote to standard output, as valid UTF-8 without NUL. */
gchar *output_text(const Transcript *transcript);
