/* Claims that a statement raises something, or that it raises nothing. */
#include <string.h>

#include "judge/marking.h"
#include "judge/match.h"
#include "judge/source.h"

static const gchar *last_part(const gchar *name) {
  const gchar *point = strrchr(name, '.');
  return point != NULL ? point + 1 : name;
}

gboolean claim_names_no_exception(const Claim *claim) {
  return strcmp(claim->expected, "Exception") == 0 || strcmp(claim->expected, "BaseException") == 0;
}

gboolean claim_means(const Claim *claim, const Raised *raised) {
  if (raised_is(raised, claim->expected))
    return TRUE;
  /* An exit is no error. */
  return claim_names_no_exception(claim) && !raised_is(raised, "SystemExit") &&
         !raised_is(raised, "KeyboardInterrupt") && !raised_is(raised, "GeneratorExit");
}

guint times_passed(const Transcript *transcript, guint line) {
  guint times = 0;
  for (guint i = 0; i < transcript->passed->len; i++)
    times += g_array_index(transcript->passed, guint, i) == line;
  return times;
}

gboolean raised_left(const Raised *raised, guint first_line, guint last_line) {
  guint line = raised->is_seen ? raised->outer_line : raised->line;
  return line >= first_line && line <= last_line;
}

/* What stands behind the claimed exception's name, where a message does. */
static gchar *claimed_message(const Claim *claim) {
  const gchar *name = strstr(claim->text, claim->expected);
  if (name == NULL)
    return NULL;
  const gchar *behind = name + strlen(claim->expected);
  if (*behind != ':')
    return NULL;
  gchar *message = g_strstrip(g_strdup(behind + 1));
  if (message[0] == '\0')
    g_clear_pointer(&message, g_free);
  return message;
}

Mark mark_claimed_exception(const Claim *claim, const Raised *raised) {
  g_autofree gchar *message = claimed_message(claim);
  g_autofree gchar *actual = raised_text(raised);
  gboolean differs = message != NULL && raised->message != NULL &&
                     match_session(message, raised->message) == MATCH_NONE;
  return mark_holds(actual, differs ? "the message is worded differently" : NULL);
}

Mark mark_other_exception(const Case *cause, const Claim *claim, const Raised *raised) {
  g_autofree gchar *actual = raised_text(raised);
  if (raised_is_missing(raised) || !exception_is_plain(raised->type) ||
      !exception_is_plain(claim->expected))
    return mark_unchecked(actual, "another exception came first");
  return mark_accuse(cause, claim, actual, NULL);
}

/* A name or a module that is not here explains every exception. */
static gboolean is_of_missing(const Case *cause, const Raised *raised) {
  return cause->missing != NULL &&
         (raised_is(raised, "NameError") || raised_is(raised, "ImportError"));
}

/* The exception that the claim means, however far it came; NULL where none was seen. */
static const Raised *find_meant(const Case *cause, const Claim *claim) {
  const Transcript *transcript = cause->transcript;
  for (guint i = 0; i < transcript->raised->len; i++) {
    const Raised *raised = g_ptr_array_index(transcript->raised, i);
    gboolean is_here =
        raised_left(raised, claim->first_line, claim->last_line) ||
        (!raised->in_thread && !raised->is_seen && raised->outer_line >= claim->first_line &&
         raised->outer_line <= claim->last_line);
    if (is_here && claim_means(claim, raised) &&
        !(claim_names_no_exception(claim) && is_of_missing(cause, raised)))
      return raised;
  }
  return NULL;
}

/* The first exception that was seen as it left the claim's statement. */
static const Raised *find_seen(const Transcript *transcript, const Claim *claim) {
  for (guint i = 0; i < transcript->raised->len; i++) {
    const Raised *raised = g_ptr_array_index(transcript->raised, i);
    if (raised->is_seen && raised_left(raised, claim->first_line, claim->last_line))
      return raised;
  }
  return NULL;
}

static guint count_seen(const Transcript *transcript, const Claim *claim) {
  guint count = 0;
  for (guint i = 0; i < transcript->raised->len; i++) {
    const Raised *raised = g_ptr_array_index(transcript->raised, i);
    count += raised->is_seen && raised_left(raised, claim->first_line, claim->last_line);
  }
  return count;
}

/* Nothing that is meant was raised, inside a block or a function. */
static Mark mark_inner_exception(const Case *cause, const Claim *claim) {
  const Transcript *transcript = cause->transcript;
  const Raised *seen = find_seen(transcript, claim);
  guint times = times_passed(transcript, claim->first_line) + count_seen(transcript, claim);
  if (seen == NULL) {
    seen = evidence_raised(cause->evidence, claim->first_line, claim->last_line);
    times += seen != NULL;
  }
  g_autofree gchar *actual = seen != NULL ? raised_text(seen) : NULL;
  if (times == 0)
    return mark_unchecked(NULL, "its line was never reached");
  if (seen == NULL)
    actual = g_strdup("raises nothing");
  if (times >= NOTED_TIMES)
    return mark_unchecked(actual, "ran too often to be noted each time");
  if (source_takes_arguments(cause->lines, claim->first_line))
    return mark_unchecked(actual, "the comment may speak of another call");
  if (seen != NULL)
    return mark_other_exception(cause, claim, seen);
  return mark_accuse(cause, claim, actual, NULL);
}

Mark mark_exception(const Case *cause, const Claim *claim) {
  const Transcript *transcript = cause->transcript;
  if (transcript->outcome == OUTCOME_UNPARSABLE) {
    /* Nothing but the compiler spoke, and its line may be a neighbour's. */
    const Raised *raised = transcript_final_exception(transcript);
    if (raised == NULL || !claim_means(claim, raised) || raised->line + 1 < claim->first_line ||
        raised->line > claim->last_line + 1)
      return mark_unchecked(NULL, "the snippet does not compile");
    return mark_claimed_exception(claim, raised);
  }
  const Raised *meant = find_meant(cause, claim);
  if (meant != NULL)
    return mark_claimed_exception(claim, meant);

  const Raised *raised = evidence_raised(cause->evidence, claim->first_line, claim->last_line);
  g_auto(Shown) shown =
      evidence_written_under(cause->evidence, claim->first_line, claim->last_line);
  /* `print(type(e).__name__)  # KeyError` shows the name. */
  if (raised == NULL && strstr(shown.text, last_part(claim->expected)) != NULL)
    return mark_holds(shown.text, "what it shows names the exception");
  if (claim_names_no_exception(claim))
    return mark_unchecked(raised == NULL ? "raises nothing" : NULL, "says it in words");
  if (raised != NULL && !claim->is_inner)
    return mark_other_exception(cause, claim, raised);
  if (claim->is_value) {
    g_autoptr(GPtrArray) values = evidence_values(cause->evidence, claim->first_line, NULL);
    const Value *value = values->len > 0 ? g_ptr_array_index(values, 0) : NULL;
    if (value != NULL && strstr(value->repr, last_part(claim->expected)) != NULL)
      return mark_holds(value->repr, "its value names the exception");
  }
  if (claim->below && claim->is_print && shown.writes > 0)
    return mark_unchecked(shown.text, "the line above wrote something");
  if (claim->is_inner)
    return mark_inner_exception(cause, claim);
  if (!evidence_is_past(cause->evidence, claim->last_line))
    return mark_unchecked(NULL, "its line was never reached");
  if (cause->failed_line != 0 && cause->failed_line < claim->first_line)
    return mark_unchecked(NULL, "an earlier line failed");
  return mark_accuse(cause, claim, "raises nothing", NULL);
}

/* --- nothing is raised ------------------------------------------------------- */

/* Whether another claim on the same lines claims this exception. */
static gboolean is_claimed_beside(const Case *cause, const Claim *claim, const Raised *raised) {
  for (guint i = 0; i < cause->snippet->claims->len; i++) {
    const Claim *other = g_ptr_array_index(cause->snippet->claims, i);
    if (other->target == CLAIM_OF_EXCEPTION && other->code == NULL &&
        other->first_line <= claim->last_line && other->last_line >= claim->first_line &&
        claim_means(other, raised))
      return TRUE;
  }
  return FALSE;
}

static const Raised *find_failure(const Case *cause, const Claim *claim) {
  const Raised *raised = evidence_raised(cause->evidence, claim->first_line, claim->last_line);
  return raised != NULL ? raised : find_seen(cause->transcript, claim);
}

/* An exception that was only seen on its way: something caught it. */
static gboolean is_caught(const Transcript *transcript, const Raised *raised) {
  if (!raised->is_seen)
    return FALSE;
  for (guint i = 0; i < transcript->raised->len; i++) {
    const Raised *other = g_ptr_array_index(transcript->raised, i);
    if (!other->is_seen && strcmp(other->type, raised->type) == 0 &&
        g_strcmp0(other->message, raised->message) == 0)
      return FALSE;
  }
  return TRUE;
}

Mark mark_passing(const Case *cause, const Claim *claim) {
  const Raised *raised = find_failure(cause, claim);
  guint times = times_passed(cause->transcript, claim->first_line);
  if (raised != NULL) {
    g_autofree gchar *actual = raised_text(raised);
    if (times > 0)
      return mark_unchecked(actual, "raised an exception at one time, but not at another");
    if (raised_is_missing(raised) || raised_is(raised, "SystemExit") ||
        raised_is(raised, "KeyboardInterrupt") || raised_is(raised, "MemoryError"))
      return mark_unchecked(actual, "its line raised an exception");
    if (is_claimed_beside(cause, claim, raised))
      return mark_unchecked(actual, "another claim says that it raises this");
    if (is_caught(cause->transcript, raised))
      return mark_unchecked(actual, "an exception was raised there, and caught");
    if (claim->is_inner && source_takes_arguments(cause->lines, claim->first_line))
      return mark_unchecked(actual, "the comment may speak of another call");
    if (cause->failed_line != 0 && cause->failed_line < claim->first_line)
      return mark_unchecked(actual, "an earlier line failed");
    return mark_accuse(cause, claim, actual, NULL);
  }
  if (times > 0)
    return mark_holds("raises nothing", NULL);
  /* What stands at the top of a script is run in its order. */
  if (!claim->is_inner && claim->first_line != 0 && cause->snippet->kind == SNIPPET_SCRIPT &&
      cause->transcript->outcome != OUTCOME_UNPARSABLE &&
      evidence_is_past(cause->evidence, claim->last_line))
    return mark_holds("raises nothing", NULL);
  return mark_unchecked(NULL, cause->missing != NULL ? cause->missing
                                                     : "its line was never run to its end");
}
