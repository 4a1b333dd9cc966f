#include "run/exam_prelude.h"

#include <string.h>

/* What may run before a snippet. The nearest blocks count. */
#define PRELUDE_BLOCKS 200
#define PRELUDE_BYTES (256u << 10)
#define PRELUDE_PIECES 8192u
#define PRELUDE_REACH 1000 /* blocks looked at */
/* One that alone took longer runs again only if it binds a name that is missing.
 * Far above what a busy machine adds to a short one, so that it changes nothing. */
#define PRELUDE_WALL_MS 2000

static gboolean binds(const Earlier *earlier, const gchar *name) {
  for (guint i = 0; earlier->names != NULL && earlier->names[i] != NULL; i++)
    if (g_str_equal(earlier->names[i], name))
      return TRUE;
  return FALSE;
}

/* Sets is_bound for those that it binds; TRUE where there are any. */
static gboolean binds_any(const Earlier *earlier, const Missing *missing, gboolean *is_bound) {
  gboolean any = FALSE;
  for (guint i = 0; i < missing->names->len; i++) {
    if (binds(earlier, g_ptr_array_index(missing->names, i)))
      any = is_bound[i] = TRUE;
  }
  return any;
}

static gboolean is_of_level(const Earlier *earlier, const Earlier *subject, Level level) {
  return level == LEVEL_DOCUMENT || earlier->snippet->question == subject->snippet->question;
}

/* What ran with a fixture needs it again. */
static gboolean is_usable(const Earlier *earlier, const Fixture *fixture) {
  return earlier->is_usable && (earlier->choice == NULL || earlier->choice->fixture == fixture);
}

static void reverse(GPtrArray *array) {
  for (guint i = 0; i < array->len / 2; i++) {
    gpointer *left = &array->pdata[i], *right = &array->pdata[array->len - 1 - i];
    gpointer kept = *left;
    *left = *right;
    *right = kept;
  }
}

GPtrArray *prelude_collect(const Earlier *blocks, guint position, Level level,
                           const Fixture *fixture, const Missing *missing, gboolean *is_found) {
  const Earlier *subject = &blocks[position];
  GPtrArray *prelude = g_ptr_array_new();
  gsize bytes = 0;
  guint pieces = 0;
  guint reach = MIN(position, PRELUDE_REACH);
  g_autofree gboolean *is_bound = g_new0(gboolean, missing->names->len + 1);
  for (guint i = 1; i <= reach && prelude->len < PRELUDE_BLOCKS; i++) {
    const Earlier *earlier = subject - i;
    if (!is_of_level(earlier, subject, level))
      break;
    if (!is_usable(earlier, fixture) || bytes + earlier->size > PRELUDE_BYTES ||
        pieces + earlier->pieces > PRELUDE_PIECES)
      continue;
    gboolean is_needed = binds_any(earlier, missing, is_bound);
    if (!is_needed && earlier->wall_ms > PRELUDE_WALL_MS)
      continue;
    bytes += earlier->size;
    pieces += earlier->pieces;
    g_ptr_array_add(prelude, (gpointer)earlier->snippet);
  }
  reverse(prelude);
  *is_found = missing_are_found(missing, is_bound);
  return prelude;
}

static gboolean mentions(const Earlier *earlier, const Missing *missing, gboolean *is_mentioned) {
  gboolean any = FALSE;
  for (guint i = 0; i < missing->names->len; i++)
    if (strstr(earlier->snippet->source, g_ptr_array_index(missing->names, i)) != NULL)
      any = is_mentioned[i] = TRUE;
  return any;
}

static gboolean is_word(gchar character) {
  return g_ascii_isalnum(character) || character == '_' || (guchar)character >= 0x80;
}

static gboolean has_word(const gchar *text, const gchar *word) {
  gsize length = strlen(word);
  for (const gchar *at = text; (at = strstr(at, word)) != NULL; at++)
    if ((at == text || !is_word(at[-1])) && !is_word(at[length]))
      return TRUE;
  return FALSE;
}

gboolean prelude_lends(const Earlier *blocks, guint position, const GPtrArray *prelude,
                       const Transcript *transcript) {
  const Earlier *subject = &blocks[position];
  for (guint i = 1; i <= MIN(position, PRELUDE_REACH); i++) {
    const Earlier *earlier = subject - i;
    if (!g_ptr_array_find((GPtrArray *)prelude, earlier->snippet, NULL))
      continue;
    for (guint k = 0; earlier->names != NULL && earlier->names[k] != NULL; k++)
      if (!g_strv_contains((const gchar *const *)transcript->names_bound, earlier->names[k]) &&
          has_word(subject->snippet->source, earlier->names[k]))
        return TRUE;
  }
  return FALSE;
}

gboolean prelude_is_hopeless(const Earlier *blocks, guint position, const Missing *missing) {
  g_autofree gboolean *may_be_bound = g_new0(gboolean, missing->names->len + 1);
  guint reach = MIN(position, PRELUDE_REACH);
  for (guint i = 1; i <= reach; i++) {
    const Earlier *earlier = &blocks[position - i];
    if (!earlier->is_known)
      mentions(earlier, missing, may_be_bound);
    else if (earlier->is_usable)
      binds_any(earlier, missing, may_be_bound);
  }
  return !missing_are_found(missing, may_be_bound);
}

const Earlier *prelude_lender(const Earlier *blocks, guint position, const Fixture *fixture,
                              const Missing *missing) {
  guint reach = MIN(position, PRELUDE_REACH);
  g_autofree gboolean *is_bound = g_new0(gboolean, missing->names->len + 1);
  for (guint i = 1; i <= reach; i++) {
    const Earlier *earlier = &blocks[position - i];
    if (earlier->is_usable && earlier->choice != NULL &&
        (fixture == NULL || earlier->choice->fixture == fixture) &&
        binds_any(earlier, missing, is_bound))
      return earlier;
  }
  return NULL;
}

const Earlier *prelude_unready(const Earlier *blocks, guint position, const Missing *missing) {
  guint reach = MIN(position, PRELUDE_REACH);
  g_autofree gboolean *is_mentioned = g_new0(gboolean, missing->names->len + 1);
  for (guint i = 1; i <= reach; i++) {
    const Earlier *earlier = &blocks[position - i];
    if (earlier->needs != NULL && mentions(earlier, missing, is_mentioned))
      return earlier;
  }
  return NULL;
}
