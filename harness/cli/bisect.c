/*
 * proctor bisect: since when a block is what it is.
 *
 * The snippet is followed back through the commits (trail.h), and judged where something that
 * decides its verdict is new; git/culprit.h says which commit made it so. It is judged a little
 * ahead of that, several states at a time, as if it were bad all along.
 */
#include <string.h>
#include <unistd.h>

#include "bank/session.h"
#include "cli/cli.h"
#include "cli/source.h"
#include "cli/trail_judge.h"
#include "git/culprit.h"
#include "judge/propose.h"
#include "report/destination.h"

/* States that are judged at a time: so many at first, then twice as many each time, up to this; and
 * at how many commits the snippet is looked for to find them. */
#define BATCH_FIRST 2u
#define BATCH_MOST 8u
#define AHEAD_MOST 64u

typedef struct {
  Trail *trail;
  Hall *hall;
  const SignalWatch *watch;
  const GPtrArray *history; /* Commit *, the bad end first */
  GHashTable *places;       /* id -> Commit * */
  VerdictClass class;       /* of the bad end */
  JudgeDepth depth;
  guint batch;
  FILE *progress; /* NULL for none */
} Search;

/* --- what a commit shows --------------------------------------------------------------------- */

/* Classes that say nothing about what it does. */
static gboolean cannot_run(VerdictClass class) {
  switch (class) {
  case VERDICT_FRAGMENT:
  case VERDICT_NEEDS:
  case VERDICT_UNPARSABLE:
  case VERDICT_SKIPPED:
  case VERDICT_INFRA:
    return TRUE;
  default:
    return FALSE;
  }
}

static gboolean is_fine(VerdictClass class) {
  return class == VERDICT_VERIFIED || class == VERDICT_RAN || class == VERDICT_SKIPPED;
}

static Sight sight_of(const Search *search, const Stand *stand) {
  if (stand->problem != NULL)
    return SIGHT_UNCLEAR;
  const BisectionState *judged = trail_judged(stand->state);
  if (judged == NULL)
    return trail_behind(search->trail, search->places, stand) != NULL ? SIGHT_UNCLEAR
                                                                      : SIGHT_ABSENT;
  if (judged->class == search->class)
    return SIGHT_BAD;
  gboolean is_unclear =
      cannot_run(search->class) ? judged->class == VERDICT_INFRA : cannot_run(judged->class);
  return is_unclear ? SIGHT_UNCLEAR : SIGHT_GOOD;
}

static gboolean is_interrupted(const Search *search) {
  while (g_main_context_iteration(NULL, FALSE))
    ;
  return signal_watch_signal(search->watch) != 0;
}

static void show_progress(const Search *search) {
  if (search->progress == NULL)
    return;
  fprintf(search->progress, "\r%u of %u commits, %u runs\x1b[K", trail_commits(search->trail),
          search->history->len, hall_runs(search->hall));
  fflush(search->progress);
}

static void wipe_progress(const Search *search) {
  if (search->progress != NULL)
    fputs("\r\x1b[K", search->progress);
}

/* The states that are needed next if it is bad all along, this one first. */
static GPtrArray *states_ahead(Search *search, const Stand *stand) {
  GPtrArray *states = g_ptr_array_new();
  g_ptr_array_add(states, stand->state);
  const Commit *at = stand->commit;
  for (guint i = 0; i < AHEAD_MOST && states->len < search->batch; i++) {
    const Commit *parent =
        at->parents[0] != NULL ? g_hash_table_lookup(search->places, at->parents[0]) : NULL;
    const Stand *next = parent != NULL ? trail_look(search->trail, parent, at) : NULL;
    if (next == NULL || (next->state == NULL && next->problem == NULL))
      break;
    if (next->state != NULL && next->state->judged == NULL &&
        !g_ptr_array_find(states, next->state, NULL))
      g_ptr_array_add(states, next->state);
    at = parent;
  }
  search->batch = MIN(2 * search->batch, BATCH_MOST);
  return states;
}

static Sight look(const Commit *commit, const Commit *child, gpointer data) {
  Search *search = data;
  const Stand *stand = trail_look(search->trail, commit, child);
  if (is_interrupted(search))
    return SIGHT_FAILED;
  show_progress(search);
  if (stand->state != NULL && stand->state->judged == NULL) {
    g_autoptr(GPtrArray) states = states_ahead(search, stand);
    if (!trail_judge(search->hall, states, search->depth))
      return SIGHT_FAILED;
  }
  return sight_of(search, stand);
}

static gboolean is_same(const Commit *commit, const Commit *parent, gpointer data) {
  const Search *search = data;
  const Stand *one = trail_stand(search->trail, commit);
  const Stand *other = trail_stand(search->trail, parent);
  return one->state == other->state && g_strcmp0(one->problem, other->problem) == 0;
}

/* --- what was found --------------------------------------------------------------------------- */

static BisectionState *state_copy(const BisectionState *state) {
  if (state == NULL)
    return NULL;
  BisectionState *copy = g_new0(BisectionState, 1);
  copy->class = state->class;
  copy->place = g_strdup(state->place);
  copy->said = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < state->said->len; i++)
    g_ptr_array_add(copy->said, g_strdup(g_ptr_array_index(state->said, i)));
  copy->output = g_strdup(state->output);
  copy->source = g_strdup(state->source);
  return copy;
}

/* Since its first parent in which it was looked for, or before it was away for a while. */
static Changes changes_in(const Search *search, const Commit *commit) {
  const Stand *stand = trail_stand(search->trail, commit);
  gboolean is_known = TRUE;
  if (stand->state == NULL)
    return 0;
  for (gchar **id = commit->parents; *id != NULL; id++) {
    const Commit *parent = g_hash_table_lookup(search->places, *id);
    const Stand *older = parent != NULL ? trail_stand(search->trail, parent) : NULL;
    if (older != NULL && older->state == NULL && older->problem == NULL)
      older = trail_behind(search->trail, search->places, older);
    if (older != NULL && older->state != NULL)
      return trail_changes(older, stand);
    is_known = is_known && (older == NULL || older->problem == NULL);
  }
  return commit->parents[0] != NULL && is_known ? CHANGE_ADDED : 0;
}

static BisectionCommit *commit_found(const Search *search, const Commit *commit) {
  const Stand *stand = trail_stand(search->trail, commit);
  const BisectionState *judged = trail_judged(stand->state);
  BisectionCommit *found = g_new0(BisectionCommit, 1);
  found->id = g_strdup(commit->id);
  found->short_id = g_strdup(commit->short_id);
  found->author = g_strdup(commit->author);
  found->email = g_strdup(commit->email);
  found->time = commit->time;
  found->offset = commit->offset;
  found->summary = g_strdup(commit->summary);
  if (stand->snippet != NULL) {
    found->path = g_strdup(stand->snippet->document->path);
    found->line = stand->snippet->first_line;
  }
  found->change = changes_text(changes_in(search, commit));
  if (stand->problem != NULL)
    found->state = g_strdup(stand->problem);
  else if (stand->snippet == NULL)
    found->state = g_strdup("it is no block there");
  else if (judged != NULL && judged->class != search->class)
    found->state = g_strdup(verdict_class_name(judged->class));
  return found;
}

/* A parent of one of the culprits at which all was well; NULL for none. */
static const BisectionState *before(const Search *search, const GPtrArray *culprits) {
  for (guint i = culprits->len; i > 0; i--) {
    const Commit *commit = g_ptr_array_index(culprits, i - 1);
    for (gchar **id = commit->parents; *id != NULL; id++) {
      const Commit *parent = g_hash_table_lookup(search->places, *id);
      const Stand *stand = parent != NULL ? trail_stand(search->trail, parent) : NULL;
      if (stand != NULL && sight_of(search, stand) == SIGHT_GOOD)
        return trail_judged(stand->state);
    }
  }
  return NULL;
}

/* Why nothing can be said: of all that is behind the newest of them nothing could be read, down to
 * where the history begins. NULL where something was. */
static const gchar *blindness(const Search *search, const Culprits *culprits) {
  const GPtrArray *commits = culprits->commits;
  if (commits->len < 2 || !culprits->is_first || before(search, commits) != NULL)
    return NULL;
  for (guint i = 1; i < commits->len; i++)
    if (!trail_stand(search->trail, g_ptr_array_index(commits, i))->is_damaged)
      return NULL;
  return trail_stand(search->trail, g_ptr_array_index(commits, 1))->problem;
}

static void fill(const Search *search, const Culprits *culprits, Bisection *bisection) {
  for (guint i = 0; i < culprits->commits->len; i++)
    g_ptr_array_add(bisection->commits,
                    commit_found(search, g_ptr_array_index(culprits->commits, i)));
  bisection->is_first = culprits->is_first;
  if (culprits->commits->len > 0) {
    const Stand *newest = trail_stand(search->trail, g_ptr_array_index(culprits->commits, 0));
    bisection->since = state_copy(trail_judged(newest->state));
    bisection->before = state_copy(before(search, culprits->commits));
  }
  if (bisection->before != NULL && bisection->since != NULL &&
      !g_str_equal(bisection->before->source, bisection->since->source))
    bisection->difference = text_difference(bisection->before->source, bisection->since->source);
  const GPtrArray *states = trail_states(search->trail);
  bisection->looked = trail_commits(search->trail);
  bisection->states = states->len;
  for (guint i = 0; i < states->len; i++)
    bisection->judged += trail_judged(g_ptr_array_index(states, i)) != NULL;
  bisection->runs = hall_runs(search->hall);
  bisection->known = hall_answers(search->hall);
}

/* --- the command ----------------------------------------------------------------------------- */

typedef struct {
  RunArguments run;
  EquipmentArguments equipment;
  ResultsArguments results;
  gchar *revision;
  gchar *json;
  GStrv words;
} BisectArguments;

static void bisect_arguments_clear(BisectArguments *arguments) {
  run_arguments_clear(&arguments->run);
  equipment_arguments_clear(&arguments->equipment);
  results_arguments_clear(&arguments->results);
  g_free(arguments->revision);
  g_free(arguments->json);
  g_strfreev(arguments->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(BisectArguments, bisect_arguments_clear)

static int tell(const Bisection *bisection, const gchar *json) {
  g_autoptr(GError) error = NULL;
  g_autofree gchar *text = bisection_text(bisection);
  fputs(text, g_strcmp0(json, "-") == 0 ? stderr : stdout);
  if (json != NULL) {
    g_autofree gchar *object = bisection_json(bisection);
    g_autoptr(Destination) destination = destination_open(json, &error);
    if (destination != NULL)
      destination_print(destination, "%s", object);
    if (destination == NULL || !destination_commit(destination, &error)) {
      if (g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_PIPE))
        die_of_broken_pipe();
      complain("%s", error->message);
      return CLI_FAILED;
    }
  }
  if (!output_finish())
    return CLI_FAILED;
  return bisection_is_found(bisection) ? CLI_OK : CLI_NOTHING;
}

/* Alone is enough where it is fine, and where no earlier block can have a part in it: else a check
 * runs it after the others of its document, and what it then is counts. */
static gboolean judge_end(Search *search, TrailState *end) {
  g_autoptr(GPtrArray) needed = session_of(end->snippet);
  g_autoptr(GPtrArray) states = g_ptr_array_new();
  g_ptr_array_add(states, end);
  search->depth = JUDGE_NEEDED;
  if (!trail_judge(search->hall, states, JUDGE_NEEDED))
    return FALSE;
  search->class = trail_judged(end)->class;
  if (is_fine(search->class) || needed->len == 0)
    return TRUE;
  bisection_state_free(g_steal_pointer(&end->judged));
  if (!trail_judge(search->hall, states, JUDGE_WHOLE))
    return FALSE;
  if (trail_judged(end)->class != search->class)
    search->depth = JUDGE_WHOLE;
  search->class = trail_judged(end)->class;
  return TRUE;
}

/* Judges the end, "bad" or not, and looks for what made it so. NULL where that failed. */
static Culprits *find(Search *search, const Commit *end) {
  const Stand *stand = trail_stand(search->trail, end);
  if (!judge_end(search, stand->state))
    return NULL;
  CulpritCalls calls = {look, is_same, search};
  return culprits_find(search->history, &calls);
}

static int bisect(const BisectArguments *arguments, Source *source, const RunnerOptions *options) {
  g_autoptr(GError) error = NULL;
  gint64 start_us = g_get_monotonic_time();
  gboolean is_cut = FALSE;
  const Commit *end = source->commit;
  g_autoptr(GPtrArray) history = repository_history(source->repository, end, NULL, &is_cut, &error);
  if (history == NULL) {
    complain("%s", error->message);
    return CLI_USAGE;
  }
  g_autoptr(Trail) trail =
      trail_begin(source->repository, end, arguments->words[0], arguments->words + 1,
                  &arguments->equipment, (GDestroyNotify)bisection_state_free, &error);
  if (trail == NULL) {
    complain("%s", error->message);
    return CLI_USAGE;
  }

  g_autoptr(SignalWatch) watch = signal_watch_new();
  g_autoptr(Hall) hall = hall_open(options, &arguments->results);
  g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < history->len; i++) {
    Commit *commit = g_ptr_array_index(history, i);
    g_hash_table_insert(places, commit->id, commit);
  }
  Search search = {.trail = trail,
                   .hall = hall,
                   .watch = watch,
                   .history = history,
                   .places = places,
                   .batch = BATCH_FIRST,
                   .progress = isatty(STDERR_FILENO) ? stderr : NULL};
  g_autoptr(Culprits) culprits = find(&search, end);
  wipe_progress(&search);
  if (culprits == NULL) {
    if (is_interrupted(&search))
      complain("interrupted");
    return CLI_FAILED;
  }
  const gchar *blind = blindness(&search, culprits);
  if (blind != NULL) {
    complain("%s", blind);
    return CLI_FAILED;
  }
  const Stand *stand = trail_stand(trail, end);
  g_autoptr(Bisection) bisection = bisection_new();
  bisection->id = g_strdup(stand->snippet->id);
  bisection->end = g_strdup(source->text);
  bisection->cut = is_cut ? g_strdup("the clone is shallow, and ends there") : NULL;
  bisection->now = state_copy(trail_judged(stand->state));
  bisection->is_fine = is_fine(search.class);
  fill(&search, culprits, bisection);
  /* Nothing of ours is left when something is written. */
  g_clear_pointer(&hall, hall_close);
  g_clear_pointer(&watch, signal_watch_free);
  bisection->seconds = (gdouble)(g_get_monotonic_time() - start_us) / G_USEC_PER_SEC;
  return tell(bisection, arguments->json);
}

int command_bisect(int argc, char **argv) {
  g_auto(BisectArguments) arguments = {0};
  const GOptionEntry entries[] = {
      {"rev", 0, 0, G_OPTION_ARG_STRING, &arguments.revision,
       "Search back from this revision of git (HEAD)", "REV"},
      {"json", 0, 0, G_OPTION_ARG_FILENAME, &arguments.json,
       "Write everything as JSON to FILE, or to standard output for '-'", "FILE"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments.words, NULL, NULL},
      {0}};
  const CommandShape shape = {
      .usage = "ID [PATH...]",
      .summary =
          "Says which commit made a block of the documents and folders (default: the current\n"
          "folder) what it is: false, changed, hung, or verified again. The block is followed back "
          "through\n"
          "moves, renames, renumbering and edits, and run where something that decides its\n"
          "verdict was different. Commits at which it cannot be run are skipped; where that\n"
          "leaves several, all are named.",
      .description = EQUIPMENT_NOTE
      "Exit code: 0 the commit is named; 4 the block is fine and was never anything else;\n"
      "2 usage, no such block or revision; 3 proctor failed or was interrupted.\n",
      .entries = entries,
      .run = &arguments.run,
      .equipment = &arguments.equipment,
      .takes_expected = TRUE,
      .results = &arguments.results};
  if (!options_parse(&shape, argc, argv))
    return CLI_USAGE;
  if (arguments.words == NULL) {
    complain("bisect: which block? (see 'proctor bisect --help')");
    return CLI_USAGE;
  }
  RunnerOptions options;
  g_autofree gchar *worker = NULL;
  int code = run_options(&arguments.run, &options, &worker);
  if (code != CLI_OK)
    return code;
  g_autoptr(Source) source =
      source_open_for(arguments.revision != NULL ? arguments.revision : "HEAD", arguments.words[0],
                      arguments.words + 1);
  if (source == NULL)
    return CLI_USAGE;
  broken_pipes_fail();
  return bisect(&arguments, source, &options);
}
