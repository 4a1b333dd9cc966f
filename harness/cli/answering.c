/*
 * Theory of operation
 *
 * A request comes with a key: all that can change what its run does. Is there a result under it,
 * a copy waits in a queue until the main loop comes by. Else it is a flight: a run on its way,
 * which later requests with the same key join. The n-th run of one snippet under one key is
 * another flight, with another result: the exam repeats a run where it wants a further sample.
 *
 * What a Python is, a worker is asked in a thread where no text that it has said before can be
 * trusted. Runs do not wait for that: until it is known they have no key, and what they did is
 * kept when it is.
 */
#include "cli/answering.h"

#include <string.h>

#include "cli/foresight.h"
#include "run/interpreter.h"
#include "run/key.h"

#define BURST 128 /* answers before other sources have a turn */

typedef struct {
  guint8 whole[RESULT_DIGEST];
  guint number;
} RunName;

/* Somebody who waits for a flight. */
typedef struct {
  const FixtureChoice *fixture;
  RunnerDone done;
  gpointer data;
} Passenger;

typedef struct {
  Answering *answering;
  RunRequest request; /* with a copy of the list of its prelude */
  gboolean has_key;
  gboolean is_extra; /* for one passenger of another flight: it is not kept */
  ResultKey key;
  guint number;
  GArray *passengers; /* Passenger; the first is who asked first */
} Flight;

/* What is asked for, and by whom. */
typedef struct {
  const RunRequest *request;
  gboolean is_timed;
  Passenger passenger;
} Asking;

typedef struct {
  Transcript *transcript;
  RunnerDone done;
  gpointer data;
} Answer;

/* How often a snippet was asked for with the key of its last request. */
typedef struct {
  guint8 whole[RESULT_DIGEST];
  guint count;
} Repeats;

struct Answering {
  const RunnerOptions *options;
  Results *results;
  gboolean is_none;
  Runner *runner;
  GError *failure;

  Interpreter *interpreter;
  GThread *asking; /* that finds it out; NULL where it is known, or cannot be */
  gboolean was_asked;
  gchar *python; /* as the runner says */

  Foresight *foresight; /* of the present sitting, or NULL */
  GHashTable *flights;  /* Flight *, owned: all */
  GHashTable *by_name;  /* RunName: Flight *, borrowed: those that can be joined */
  GHashTable *own;      /* RunName *, owned: what was run here */
  GHashTable *repeats;  /* const Snippet *: Repeats *, owned */
  GHashTable *has_run;  /* const Snippet * */
  GQueue answers;       /* Answer *, owned */
  GSource *delivery;    /* while there are answers, or NULL */
  guint runs;
  guint answered;

  const Snippet *explained; /* or NULL */
  gchar *reason;
};

static guint name_hash(gconstpointer data) {
  guint hash;
  memcpy(&hash, ((const RunName *)data)->whole, sizeof hash);
  return hash + ((const RunName *)data)->number;
}

static gboolean name_equal(gconstpointer left, gconstpointer right) {
  const RunName *one = left, *other = right;
  return one->number == other->number && memcmp(one->whole, other->whole, RESULT_DIGEST) == 0;
}

static RunName name_of(const ResultKey *key, guint number) {
  RunName name = {.number = number};
  memcpy(name.whole, key->whole, RESULT_DIGEST);
  return name;
}

static void flight_free(Flight *flight) {
  g_free((gpointer)flight->request.prelude);
  g_array_unref(flight->passengers);
  g_free(flight);
}

static void answer_free(Answer *answer) {
  transcript_free(answer->transcript);
  g_free(answer);
}

/* --- which Python ------------------------------------------------------ */

static void learn(Answering *answering, Interpreter *interpreter) {
  g_autofree gchar *name = interpreter_name(answering->options->worker);
  answering->interpreter = interpreter;
  if (interpreter != NULL && name != NULL)
    results_keep_text(answering->results, name, interpreter->text);
}

static gpointer ask(gpointer data) {
  g_autofree gchar *worker = data;
  return interpreter_ask(worker, NULL);
}

static void recall(Answering *answering) {
  g_autofree gchar *name = interpreter_name(answering->options->worker);
  g_autofree gchar *text = name != NULL ? results_text(answering->results, name) : NULL;
  answering->interpreter = interpreter_recall(text);
}

/* Starts to find out. */
static void begin_asking(Answering *answering) {
  if (answering->results == NULL || answering->interpreter != NULL || answering->was_asked)
    return;
  answering->was_asked = TRUE;
  answering->asking = g_thread_new("interpreter", ask, g_strdup(answering->options->worker));
}

/* Waits for it, which takes as long as Python takes to start. */
static void end_asking(Answering *answering) {
  if (answering->asking == NULL)
    return;
  learn(answering, g_thread_join(answering->asking));
  answering->asking = NULL;
}

/* --- keys -------------------------------------------------------------- */

static gboolean find_key(const Answering *answering, const RunRequest *request, ResultKey *key) {
  return answering->interpreter != NULL &&
         run_key(request, answering->options, answering->interpreter->digest, key);
}

static guint next_number(Answering *answering, const Snippet *snippet, const ResultKey *key) {
  Repeats *repeats = g_hash_table_lookup(answering->repeats, snippet);
  if (repeats == NULL) {
    repeats = g_new0(Repeats, 1);
    g_hash_table_insert(answering->repeats, (gpointer)snippet, repeats);
  }
  if (memcmp(repeats->whole, key->whole, RESULT_DIGEST) != 0)
    repeats->count = 0;
  memcpy(repeats->whole, key->whole, RESULT_DIGEST);
  return repeats->count++;
}

/* --- answers ----------------------------------------------------------- */

static gboolean on_delivery(gpointer data) {
  Answering *answering = data;
  for (guint i = 0; i < BURST; i++) {
    g_autofree Answer *answer = g_queue_pop_head(&answering->answers);
    if (answer == NULL)
      break;
    answer->done(answer->transcript, answer->data);
  }
  if (!g_queue_is_empty(&answering->answers))
    return G_SOURCE_CONTINUE;
  if (answering->results != NULL)
    results_rest(answering->results);
  g_clear_pointer(&answering->delivery, g_source_unref);
  return G_SOURCE_REMOVE;
}

/* Takes the transcript over. */
static void deliver_soon(Answering *answering, Transcript *transcript, const Passenger *to) {
  Answer *answer = g_new0(Answer, 1);
  *answer = (Answer){transcript, to->done, to->data};
  transcript->fixture = to->fixture;
  g_queue_push_tail(&answering->answers, answer);
  if (answering->delivery != NULL)
    return;
  answering->delivery = g_idle_source_new();
  g_source_set_priority(answering->delivery, G_PRIORITY_DEFAULT);
  g_source_set_callback(answering->delivery, on_delivery, answering, NULL);
  g_source_attach(answering->delivery, NULL);
}

/* Why it is run though there is a result. */
static void note_age(Answering *answering, const RunRequest *request,
                     const Transcript *transcript) {
  if (request->snippet != answering->explained || answering->reason != NULL)
    return;
  g_autoptr(GDateTime) made = g_date_time_new_from_unix_local(transcript->kept_us / G_USEC_PER_SEC);
  g_autofree gchar *day = made != NULL ? g_date_time_format(made, "%Y-%m-%d") : g_strdup("then");
  answering->reason =
      g_strdup_printf("time decides its result, and that of %s is more than a day old", day);
}

/* seen is what was found ahead, or NULL. Takes it over. */
static gboolean answer(Answering *answering, const Asking *asking, const RunName *name,
                       const ResultKey *key, Transcript *seen) {
  Transcript *transcript =
      seen != NULL ? seen : results_find(answering->results, key, name->number);
  if (transcript == NULL)
    return FALSE;
  if (g_hash_table_contains(answering->own, name)) {
    transcript->kept_us = 0;
    g_hash_table_add(answering->has_run, (gpointer)asking->request->snippet);
  } else if (run_is_trusted(transcript, asking->is_timed, g_get_real_time())) {
    answering->answered++;
  } else {
    note_age(answering, asking->request, transcript);
    transcript_free(transcript);
    return FALSE;
  }
  deliver_soon(answering, transcript, &asking->passenger);
  return TRUE;
}

/* --- flights ----------------------------------------------------------- */

static void on_landed(Transcript *transcript, gpointer data);

static Flight *new_flight(Answering *answering, const RunRequest *request,
                          const Passenger *passenger) {
  Flight *flight = g_new0(Flight, 1);
  flight->answering = answering;
  flight->request = *request;
  flight->request.prelude = g_memdup2(request->prelude, request->prelude_count * sizeof(Snippet *));
  flight->passengers = g_array_new(FALSE, FALSE, sizeof(Passenger));
  g_array_append_val(flight->passengers, *passenger);
  g_hash_table_add(answering->flights, flight);
  return flight;
}

static void take_off(Answering *answering, Flight *flight) {
  if (!answering_warm(answering, NULL))
    return; /* nobody is called back: the sitting ends */
  if (answering->results != NULL)
    results_rest(answering->results);
  answering->runs++;
  runner_submit(answering->runner, &flight->request, on_landed, flight);
}

static void keep(Answering *answering, const Flight *flight, const Transcript *transcript) {
  results_keep(answering->results, &flight->key, flight->number,
               flight->request.snippet->content_id, transcript);
  RunName name = name_of(&flight->key, flight->number);
  g_hash_table_add(answering->own, g_memdup2(&name, sizeof name));
}

/* It began before it was known which Python this is. */
static void find_late_key(Answering *answering, Flight *flight) {
  end_asking(answering);
  flight->has_key = find_key(answering, &flight->request, &flight->key);
  if (flight->has_key)
    flight->number = next_number(answering, flight->request.snippet, &flight->key);
}

/* Each further passenger gets a copy; where there is none to be had, a flight. */
static void disembark(Answering *answering, const Flight *flight, const Transcript *transcript) {
  for (guint i = 1; i < flight->passengers->len; i++) {
    const Passenger *to = &g_array_index(flight->passengers, Passenger, i);
    Transcript *copy = results_copy(transcript);
    if (copy != NULL) {
      deliver_soon(answering, copy, to);
      continue;
    }
    Flight *again = new_flight(answering, &flight->request, to);
    again->request.fixture = to->fixture;
    again->is_extra = TRUE;
    take_off(answering, again);
  }
}

static void on_landed(Transcript *transcript, gpointer data) {
  Flight *flight = data;
  Answering *answering = flight->answering;
  const Passenger first = g_array_index(flight->passengers, Passenger, 0);
  if (flight->has_key) {
    RunName name = name_of(&flight->key, flight->number);
    if (g_hash_table_lookup(answering->by_name, &name) == flight)
      g_hash_table_remove(answering->by_name, &name);
  } else if (answering->results != NULL && !flight->is_extra) {
    find_late_key(answering, flight);
  }
  if (flight->has_key && run_is_lasting(transcript))
    keep(answering, flight, transcript);
  disembark(answering, flight, transcript);
  g_hash_table_remove(answering->flights, flight);
  first.done(transcript, first.data);
}

/* Whether it joins a flight, or gets an answer; else it is one of its own. Takes seen over. */
static gboolean is_helped(Answering *answering, const Asking *asking, const ResultKey *key,
                          guint number, Transcript *seen) {
  RunName name = name_of(key, number);
  Flight *flight = g_hash_table_lookup(answering->by_name, &name);
  if (flight == NULL && !answering->is_none)
    return answer(answering, asking, &name, key, seen);
  transcript_free(seen);
  if (flight == NULL)
    return FALSE;
  g_array_append_val(flight->passengers, asking->passenger);
  g_hash_table_add(answering->has_run, (gpointer)asking->request->snippet);
  return TRUE;
}

static gchar *reason_of(const Answering *answering, const RunRequest *request,
                        const ResultKey *key) {
  if (answering->results == NULL)
    return g_strdup("no results are kept");
  if (answering->is_none)
    return g_strdup("--no-cache wants it");
  if (key != NULL)
    return results_compare(answering->results, key, request->snippet->content_id);
  return g_strdup(answering->interpreter == NULL ? "it cannot be told which Python this is"
                                                 : "its fixture cannot be told from another one");
}

/* Before what it does is kept, which the next one would be compared with. */
static void note_reason(Answering *answering, const RunRequest *request, const ResultKey *key) {
  if (request->snippet == answering->explained && answering->reason == NULL)
    answering->reason = reason_of(answering, request, key);
}

void answering_submit(Answering *answering, const RunRequest *request, gboolean is_timed,
                      RunnerDone done, gpointer data) {
  ResultKey key;
  guint number = 0;
  const Asking asking = {request, is_timed, {request->fixture, done, data}};
  if (answering->failure != NULL)
    return;
  begin_asking(answering);
  Transcript *seen = NULL;
  gboolean has_key = foresight_take(answering->foresight, request, &key, &seen) ||
                     (answering->results != NULL && find_key(answering, request, &key));
  if (has_key) {
    number = next_number(answering, request->snippet, &key);
    if (number > 0) /* what was seen is the first */
      g_clear_pointer(&seen, transcript_free);
    if (is_helped(answering, &asking, &key, number, seen))
      return;
  }
  Flight *flight = new_flight(answering, request, &asking.passenger);
  g_hash_table_add(answering->has_run, (gpointer)request->snippet);
  note_reason(answering, request, has_key ? &key : NULL);
  if (has_key) {
    flight->has_key = TRUE;
    flight->key = key;
    flight->number = number;
    RunName name = name_of(&key, number);
    if (!answering->is_none)
      g_hash_table_insert(answering->by_name, g_memdup2(&name, sizeof name), flight);
  }
  take_off(answering, flight);
}

gboolean answering_warm(Answering *answering, GError **error) {
  if (answering->runner == NULL && answering->failure == NULL)
    answering->runner = runner_new(answering->options, &answering->failure);
  if (answering->runner == NULL && error != NULL)
    *error = g_error_copy(answering->failure);
  return answering->runner != NULL;
}

/* --- the whole --------------------------------------------------------- */

Answering *answering_new(const RunnerOptions *options, Results *results, gboolean is_none) {
  Answering *answering = g_new0(Answering, 1);
  answering->options = options;
  answering->results = results;
  answering->is_none = is_none;
  answering->flights = g_hash_table_new_full(NULL, NULL, (GDestroyNotify)flight_free, NULL);
  answering->by_name = g_hash_table_new_full(name_hash, name_equal, g_free, NULL);
  answering->own = g_hash_table_new_full(name_hash, name_equal, g_free, NULL);
  answering->repeats = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  answering->has_run = g_hash_table_new(NULL, NULL);
  g_queue_init(&answering->answers);
  if (results != NULL)
    recall(answering);
  return answering;
}

void answering_begin(Answering *answering, GArray *requests) {
  if (answering->interpreter != NULL && !answering->is_none)
    answering->foresight = foresight_new(requests, answering->options,
                                         answering->interpreter->digest, answering->results);
  else
    g_array_unref(requests);
  g_hash_table_remove_all(answering->repeats);
  g_hash_table_remove_all(answering->has_run);
  g_hash_table_remove_all(answering->own);
  g_clear_error(&answering->failure);
}

void answering_abandon(Answering *answering) {
  foresight_free(answering->foresight, answering->results);
  answering->foresight = NULL;
  g_queue_clear_full(&answering->answers, (GDestroyNotify)answer_free);
  if (answering->delivery != NULL) {
    g_source_destroy(answering->delivery);
    g_clear_pointer(&answering->delivery, g_source_unref);
  }
  if (g_hash_table_size(answering->flights) > 0 && answering->runner != NULL) {
    answering_python(answering);
    g_clear_pointer(&answering->runner, runner_free);
  }
  g_hash_table_remove_all(answering->by_name);
  g_hash_table_remove_all(answering->flights);
}

void answering_rest(Answering *answering) {
  answering_abandon(answering);
  answering_python(answering);
  g_clear_pointer(&answering->runner, runner_free);
  end_asking(answering);
}

void answering_free(Answering *answering) {
  if (answering == NULL)
    return;
  answering_rest(answering);
  g_clear_pointer(&answering->interpreter, interpreter_free);
  g_clear_error(&answering->failure);
  g_hash_table_unref(answering->by_name);
  g_hash_table_unref(answering->flights);
  g_hash_table_unref(answering->own);
  g_hash_table_unref(answering->repeats);
  g_hash_table_unref(answering->has_run);
  g_free(answering->python);
  g_free(answering->reason);
  g_free(answering);
}

const GError *answering_failure(const Answering *answering) {
  return answering->failure;
}

Runner *answering_runner(const Answering *answering) {
  return answering->runner;
}

const gchar *answering_python(Answering *answering) {
  guint isolation;
  if (answering->interpreter != NULL)
    return answering->interpreter->version;
  if (answering->python == NULL && answering->runner != NULL)
    (void)runner_describe(answering->runner, &isolation, &answering->python);
  return answering->python;
}

void answering_explain(Answering *answering, const Snippet *snippet) {
  answering->explained = snippet;
  g_clear_pointer(&answering->reason, g_free);
  begin_asking(answering);
  end_asking(answering);
}

const gchar *answering_reason(const Answering *answering) {
  return answering->reason;
}

guint answering_runs(const Answering *answering) {
  return answering->runs;
}

guint answering_answers(const Answering *answering) {
  return answering->answered;
}

gboolean answering_has_run(const Answering *answering, const Snippet *snippet) {
  return g_hash_table_contains(answering->has_run, snippet);
}
