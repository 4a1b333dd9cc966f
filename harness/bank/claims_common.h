/*
 * claims_common.h: what the readers of scripts and of sessions share.
 *
 * Private to the claims of bank/.
 */
#pragma once

#include "bank/statements.h"
#include "model/snippet.h"

/* The words that the code's strings hold, in small letters: what a program
 * prints is mostly made of them, and prose about it is not. */
typedef struct Words Words;
Words *words_read(const Statements *statements);
/* TRUE where at least so many in a hundred words of a text are among them. */
gboolean words_cover(const Words *words, const gchar *text, gsize size, guint percent);
void words_free(Words *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Words, words_free)

/* Adds to the snippet. text is copied. */
void unclaimed_add(Snippet *snippet, guint line, const gchar *text, gsize size,
                   const gchar *reason);

/* Finds the statement of each of them, by their lines, which are those of statements. */
void unclaimed_place(Snippet *snippet, const Statements *statements);

/* Gives a claim the reason why it may not accuse, and takes it over. The first
 * reason stays: it is the one nearest to the text. */
void claim_doubt(Claim *claim, gchar *reason);

/* Strips the comment signs of several lines; NULL where a line has none. */
gchar *comment_lines_strip(const gchar *text);
