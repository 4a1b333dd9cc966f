/*
 * match.h: a text that is claimed and the text that was seen.
 */
#pragma once

#include <glib.h>

/* How two texts agree, the strictest first. */
typedef enum {
  MATCH_NONE,
  MATCH_TEXT,      /* the same, but for blanks at the ends of lines */
  MATCH_SPACING,   /* but for blanks */
  MATCH_VALUE,     /* as Python values */
  MATCH_ADDRESS,   /* but for addresses */
  MATCH_QUOTES,    /* the text of a string that was written with quotes */
  MATCH_ITEMS,     /* several values, shown with blanks or lines between them */
  MATCH_CLASS,     /* a class by its bare name */
  MATCH_ROUNDED,   /* numbers to the digits that are claimed */
  MATCH_ELLIPSIS,  /* with what a "..." stands for */
  MATCH_FIRST,     /* the first of several times */
  MATCH_LAST,      /* the last of several times */
  MATCH_SIDE,      /* one side of an equation */
  MATCH_PART,      /* one part of what was written */
  MATCH_BEGINNING, /* as far as the shorter of the two goes */
  MATCH_TYPE,      /* the class of the value */
} Match;

/* What a report says of a match; NULL for the same text. */
const gchar *match_note(Match match);

/* Compares in the order of the kinds above, up to MATCH_ROUNDED. */
Match match_output(const gchar *expected, const gchar *actual);

/* The same, and "..." in expected stands for anything; <BLANKLINE> is known. */
Match match_session(const gchar *expected, const gchar *actual);

/* A value by its repr and the name of its class; "..." in expected stands for anything. */
Match match_value(const gchar *expected, const gchar *repr, const gchar *type);

/* TRUE where expected stands in actual as a word of its own. */
gboolean match_is_part(const gchar *expected, const gchar *actual);

/* TRUE where the two are so alike that one must be a slip of the other: of the
 * same words but for one, the same but for digits, or but for capitals. Short
 * texts never are. */
gboolean match_is_near(const gchar *expected, const gchar *actual);

/* The same for texts of several lines: as many lines, at least half of them
 * equal, the others near; or three and more equal, and one other. */
gboolean match_lines_are_near(const gchar *expected, const gchar *actual);
