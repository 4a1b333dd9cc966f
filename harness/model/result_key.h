/*
 * result_key.h: all that can change what a run does, in digests.
 *
 * Two runs with the same key do the same, but for what time and chance decide. What a document
 * claims and what was accepted have no part in it, but for what they want looked at.
 */
#pragma once

#include <glib.h>

typedef enum {
  RESULT_SNIPPET, /* its source, as it is run */
  RESULT_EARLIER, /* the earlier blocks that run before it */
  RESULT_LOOKS,   /* what its claims, its expectation and the words of a fixture want looked at */
  RESULT_FIXTURE, /* the fixture, its variant, all files of its folder, where the database is */
  RESULT_PYTHON,  /* Python: version, build, installed packages; the worker */
  RESULT_LIMITS,  /* of time, memory, output */
  RESULT_PARTS    /* how many there are */
} ResultPart;

#define RESULT_DIGEST 16u /* bytes: the first of a SHA-256 */

typedef struct {
  guint8 parts[RESULT_PARTS][RESULT_DIGEST]; /* zeros for what it has nothing of */
  guint8 whole[RESULT_DIGEST];               /* of all of them, and of the format of results */
} ResultKey;

/* "its earlier blocks", "its fixture": for a sentence; never NULL. */
const gchar *result_part_name(ResultPart part);
