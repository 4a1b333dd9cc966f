/* Claims that one part of a run takes longer than another, by the times that it prints. */
#include <math.h>
#include <string.h>

#include "judge/marking.h"
#include "judge/times.h"

/* Digits say the time to so much of itself, or they do not say enough. */
#define COARSE 0.1

typedef struct {
  gdouble seconds; /* or in a unit that is not said */
  gboolean has_unit;
} Time;

static gdouble unit_of(const gchar *text, gsize length) {
  static const struct {
    const gchar *name;
    gdouble seconds;
  } units[] = {{"s", 1},
               {"sec", 1},
               {"secs", 1},
               {"second", 1},
               {"seconds", 1},
               {"ms", 1e-3},
               {"msec", 1e-3},
               {"millisecond", 1e-3},
               {"milliseconds", 1e-3},
               {"us", 1e-6},
               {"\xc2\xb5s", 1e-6},
               {"\xce\xbcs", 1e-6},
               {"usec", 1e-6},
               {"microsecond", 1e-6},
               {"microseconds", 1e-6},
               {"ns", 1e-9},
               {"nanosecond", 1e-9},
               {"nanoseconds", 1e-9},
               {"min", 60},
               {"minutes", 60}};
  for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
    if (strlen(units[i].name) == length && g_ascii_strncasecmp(text, units[i].name, length) == 0)
      return units[i].seconds;
  return 0;
}

static gboolean is_word(gchar character) {
  return g_ascii_isalnum(character) || character == '_' || (guchar)character >= 0x80;
}

/* A number at text and the unit behind it. Returns where it ends; is_time says whether it
 * can be a time: it has a unit, or a point. */
static const gchar *time_read(const gchar *text, Time *time, gboolean *is_time) {
  gchar *end;
  gdouble number = g_ascii_strtod(text, &end);
  const gchar *point = memchr(text, '.', (gsize)(end - text));
  const gchar *power = memchr(text, 'e', (gsize)(end - text));
  gsize digits = point != NULL ? strspn(point + 1, "0123456789") : 0;
  gint exponent = power != NULL ? (gint)g_ascii_strtoll(power + 1, NULL, 10) : 0;
  const gchar *unit = end + strspn(end, " ");
  gsize length = 0;
  while (is_word(unit[length]))
    length++;
  gdouble seconds = unit_of(unit, length);
  time->has_unit = seconds > 0;
  time->seconds = number * (time->has_unit ? seconds : 1);
  gdouble doubt = 0.5 * pow(10, exponent - (gdouble)digits);
  *is_time = (time->has_unit || point != NULL || power != NULL) &&
             (time->has_unit || !is_word(*end)) && isfinite(number) && number > 0 &&
             doubt <= COARSE * number;
  return time->has_unit ? unit + length : end;
}

/* The only time in a text: the one with a unit, where any has one. */
static gboolean time_find(const gchar *text, Time *found) {
  guint with_unit = 0, without = 0;
  for (const gchar *at = text; *at != '\0';) {
    gboolean begins = g_ascii_isdigit(*at) && (at == text || !(is_word(at[-1]) || at[-1] == '.'));
    if (!begins) {
      at++;
      continue;
    }
    Time time;
    gboolean is_time;
    at = time_read(at, &time, &is_time);
    if (!is_time)
      continue;
    if (time.has_unit ? with_unit++ == 0 : with_unit == 0 && without++ == 0)
      *found = time;
  }
  return with_unit == 1 || (with_unit == 0 && without == 1);
}

/* log(time of the target / time of its rival) in one run. */
static gboolean margin_of_run(const Evidence *evidence, const Claim *claim, gdouble *margin) {
  g_auto(Shown) own = evidence_written(evidence, claim->first_line, claim->last_line);
  g_auto(Shown) other = evidence_written(evidence, claim->rival, claim->rival);
  Time time, rival;
  if (own.ends > 1 || other.ends > 1 || !time_find(own.text, &time) ||
      !time_find(other.text, &rival) || time.has_unit != rival.has_unit)
    return FALSE;
  *margin = log(time.seconds / rival.seconds);
  return isfinite(*margin);
}

static TimesTold tell(const Claim *claim, gdouble *margins, guint count) {
  if (strcmp(claim->expected, "same") == 0)
    return times_tell_same(margins, count);
  gboolean is_at_least = strcmp(claim->expected, "not faster") == 0;
  gboolean is_at_most = strcmp(claim->expected, "not slower") == 0;
  gboolean is_shorter = is_at_most || strcmp(claim->expected, "faster") == 0;
  for (guint i = 0; i < count; i++) {
    gdouble margin = is_shorter ? -margins[i] : margins[i];
    margins[i] = is_at_least || is_at_most ? times_shortly_less(margin) : margin;
  }
  return times_tell(margins, count);
}

Mark mark_speed(const Case *cause, const Claim *claim) {
  gdouble margins[JUDGE_RUNS_MAX], mean = 0;
  guint count = 0;
  for (guint i = 0; i < cause->runs->len && count < JUDGE_RUNS_MAX; i++) {
    gdouble margin;
    if (!margin_of_run(g_ptr_array_index(cause->runs, i), claim, &margin)) {
      if (i == 0)
        return mark_unchecked(NULL, cause->missing != NULL
                                        ? cause->missing
                                        : "no two times were printed that can be compared");
      continue;
    }
    margins[count++] = margin;
  }
  for (guint i = 0; i < count; i++)
    mean += margins[i] / count;
  g_autofree gchar *times = g_strdup_printf("%.2g times as long", exp(mean));
  TimesTold told = tell(claim, margins, count);
  Mark mark;
  switch (told) {
  case TIMES_HOLD:
    return mark_holds(times, NULL);
  case TIMES_FAIL:
    return mark_accuse(cause, claim, times, "fails");
  case TIMES_UNKNOWN:
  case TIMES_UNCLEAR:
    mark = mark_unchecked(times, "cannot tell on this machine");
    mark.wants_more = told == TIMES_UNKNOWN && cause->runs->len < JUDGE_RUNS_MAX;
    return mark;
  }
  g_return_val_if_reached(mark_unchecked(NULL, NULL));
}
