#include "git/likeness.h"

#include <string.h>

#define FEATURES_MOST 20000u /* of one source; what stands behind these is passed over */

static gboolean is_word(gchar character) {
  return g_ascii_isalnum(character) || character == '_' || (guchar)character >= 0x80;
}

static guint32 hash_of(const gchar *text, gsize length) {
  guint32 hash = 2166136261u;
  for (gsize i = 0; i < length; i++)
    hash = (hash ^ (guchar)text[i]) * 16777619u;
  return hash;
}

/* Says something about the code that it stands in. */
static gboolean is_telling(const gchar *token, gsize length) {
  static const gchar *const common[] = {"as", "class", "def",    "else",   "False", "for",  "from",
                                        "if", "in",    "None",   "import", "not",   "pass", "print",
                                        "r",  "self",  "return", "True",   "try",   NULL};
  if (!is_word(*token))
    return FALSE;
  for (const gchar *const *word = common; *word != NULL; word++)
    if (strlen(*word) == length && memcmp(*word, token, length) == 0)
      return FALSE;
  return TRUE;
}

static gint by_number(gconstpointer left, gconstpointer right) {
  Feature one = *(const Feature *)left, other = *(const Feature *)right;
  return (one > other) - (one < other);
}

GArray *features_of(const gchar *source) {
  GArray *features = g_array_new(FALSE, FALSE, sizeof(Feature));
  guint32 before = 0; /* the line's beginning */
  gboolean before_tells = FALSE;
  for (const gchar *at = source; *at != '\0' && features->len < FEATURES_MOST;) {
    if (*at == '\n' || g_ascii_isspace(*at)) {
      if (*at++ == '\n') {
        before = 0;
        before_tells = FALSE;
      }
      continue;
    }
    gsize length = 1;
    while (is_word(*at) && is_word(at[length]))
      length++;
    guint32 token = hash_of(at, length);
    gboolean tells = is_telling(at, length);
    Feature feature = (before * 31 + token) & ~FEATURE_IS_COMMON;
    if (!tells && !before_tells)
      feature |= FEATURE_IS_COMMON;
    g_array_append_val(features, feature);
    before = token;
    before_tells = tells;
    at += length;
  }
  g_array_sort(features, by_number);
  return features;
}

static gdouble weight_of(Feature feature) {
  return feature & FEATURE_IS_COMMON ? 0.2 : 1.0;
}

gdouble features_likeness(const GArray *one, const GArray *other) {
  gdouble both = 0, all = 0;
  guint i = 0, k = 0;
  while (i < one->len || k < other->len) {
    Feature left = i < one->len ? g_array_index(one, Feature, i) : G_MAXUINT32;
    Feature right = k < other->len ? g_array_index(other, Feature, k) : G_MAXUINT32;
    if (i < one->len && k < other->len && left == right) {
      both += 2 * weight_of(left);
      all += 2 * weight_of(left);
      i++;
      k++;
    } else if (k == other->len || (i < one->len && left < right)) {
      all += weight_of(left);
      i++;
    } else {
      all += weight_of(right);
      k++;
    }
  }
  return all > 0 ? both / all : 1;
}
