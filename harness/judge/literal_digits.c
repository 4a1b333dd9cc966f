/* Numbers that are claimed with fewer digits than they have. */
#include <math.h>
#include <string.h>

#include "judge/literal.h"

static gboolean is_word(gchar character) {
  return g_ascii_isalnum(character) || character == '_' || (guchar)character >= 0x80;
}

/* A number inside a text, without its sign. */
typedef struct {
  gsize length; /* 0: none begins here */
  gsize decimals;
  gsize mantissa; /* its length without the exponent */
} Digits;

static Digits digits_at(const gchar *text, const gchar *begin) {
  Digits digits = {0};
  gboolean in_word = text > begin && (is_word(text[-1]) || text[-1] == '.');
  if (!g_ascii_isdigit(*text) || in_word)
    return digits;
  gsize length = strspn(text, "0123456789");
  if (text[length] == '.' && g_ascii_isdigit(text[length + 1])) {
    digits.decimals = strspn(text + length + 1, "0123456789");
    length += 1 + digits.decimals;
  }
  digits.mantissa = length;
  if (text[length] == 'e' || text[length] == 'E') {
    gsize sign = text[length + 1] == '-' || text[length + 1] == '+';
    gsize power = strspn(text + length + 1 + sign, "0123456789");
    if (power > 0)
      length += 1 + sign + power;
  }
  if (!is_word(text[length]))
    digits.length = length;
  return digits;
}

/* How far the longer one is from the shorter, in units of the shorter's last digit;
 * a large number where it is not the same number with more digits. */
static gdouble digits_apart(const gchar *shorter, Digits few, const gchar *longer, Digits many) {
  gsize exponent = few.length - few.mantissa;
  if (few.decimals == 0 || many.decimals <= few.decimals ||
      exponent != many.length - many.mantissa ||
      g_ascii_strncasecmp(shorter + few.mantissa, longer + many.mantissa, exponent) != 0)
    return G_MAXDOUBLE;
  g_autofree gchar *one = g_strndup(shorter, few.mantissa);
  g_autofree gchar *other = g_strndup(longer, many.mantissa);
  gdouble less = g_ascii_strtod(one, NULL), more = g_ascii_strtod(other, NULL);
  gdouble apart = fabs(more - less);
  if (!isfinite(apart) || apart <= fabs(more) * 1e-14)
    return G_MAXDOUBLE;
  return apart * pow(10, (gdouble)few.decimals);
}

/* The same texts but for numbers, each of which is the other's with fewer digits, no
 * further than `most` units of its last digit away. */
static gboolean differ_in_digits(const gchar *claimed, const gchar *actual, gdouble most) {
  const gchar *left = claimed, *right = actual;
  gboolean any = FALSE;
  for (;;) {
    Digits few = digits_at(left, claimed), many = digits_at(right, actual);
    if (few.length > 0 && many.length > 0) {
      gboolean is_same = few.length == many.length && memcmp(left, right, few.length) == 0;
      if (!is_same && digits_apart(left, few, right, many) > most)
        return FALSE;
      any = any || !is_same;
      left += few.length;
      right += many.length;
      continue;
    }
    while (*left == ' ' || *left == '\n')
      left++;
    while (*right == ' ' || *right == '\n')
      right++;
    if (*left != *right)
      return FALSE;
    if (*left == '\0')
      return any;
    if (digits_at(left, claimed).length == 0) {
      left++;
      right++;
    }
  }
}

gboolean literal_is_shortened(const gchar *claimed, const gchar *actual) {
  return differ_in_digits(claimed, actual, 1);
}

gboolean literal_is_rounded(const gchar *claimed, const gchar *actual) {
  return differ_in_digits(claimed, actual, 0.5 + 1e-6);
}

/* Behind what says that a number is not exact; NULL where nothing does. */
static const gchar *behind_hedge(const gchar *text) {
  static const gchar *const hedges[] = {"~",       "\xe2\x89\x88",   "about ",   "approx. ",
                                        "approx ", "approximately ", "roughly ", "around ",
                                        "ca. ",    "nearly ",        "almost "};
  for (gsize i = 0; i < G_N_ELEMENTS(hedges); i++)
    if (g_ascii_strncasecmp(text, hedges[i], strlen(hedges[i])) == 0)
      return text + strlen(hedges[i]) + strspn(text + strlen(hedges[i]), " ");
  return NULL;
}

gboolean literal_is_about(const gchar *claimed, const gchar *actual) {
  const gchar *number = behind_hedge(claimed);
  if (number == NULL)
    return FALSE;
  gsize sign = number[0] == '-', actual_sign = actual[0] == '-';
  Digits few = digits_at(number + sign, number), many = digits_at(actual + actual_sign, actual);
  if (few.length == 0 || many.length == 0 || number[sign + few.length] != '\0' ||
      actual[actual_sign + many.length] != '\0')
    return FALSE;
  gdouble less = g_ascii_strtod(number, NULL), more = g_ascii_strtod(actual, NULL);
  /* The last digit that says something: 1000 may stand for 1200, but 1040 not for 1100. */
  gsize zeros = 0;
  if (few.decimals == 0)
    while (zeros + 1 < few.mantissa && number[sign + few.mantissa - 1 - zeros] == '0')
      zeros++;
  gdouble unit = pow(10, (gdouble)zeros - (gdouble)few.decimals);
  gdouble allowed = zeros > 0 ? MIN(unit / 2, fabs(less) * 0.05) : unit / 2;
  return isfinite(more) && fabs(more - less) <= allowed * (1 + 1e-6);
}
