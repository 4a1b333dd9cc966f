/*
 * exam_world.h: an exam with neither Python nor processes. Snippets are written in a tiny
 * language that a fake runner runs.
 *
 *   bind NAME   binds a name
 *   need NAME   is held back where nothing before it binds NAME
 *   claim NAME  a claim that holds where NAME is bound
 *   deny NAME   a claim that holds where it is not
 *   look NAME   a claim that holds where NAME is bound, and that nothing says otherwise
 *   blame NAME  a claim that is false where NAME is bound, and that nothing says otherwise
 *   lean NAME   a claim that holds where NAME is bound, and is contradicted only where no block
 *               ran before: else that may be their doing
 *   tear NAME   a claim like that, whose lines raise where NAME is bound, and it goes on
 *   miss NAME   raises a NameError where it is not, and goes on
 *   fail NAME   raises something else where it is not, and ends
 *   unclear N   wants more until there are N runs, and holds then
 *   differs X   is not as accepted, unless X is bound
 *   hang, exit, crash, slow, break
 *
 * A fixture binds what it provides, and the name of its variant.
 */
#pragma once

#include <check.h>

#include "run/exam.h"

typedef struct {
  RunRequest request;
  GPtrArray *prelude;
  RunnerDone done;
  gpointer data;
} FakeRun;

typedef struct {
  Document *document;
  GPtrArray *documents;
  GQueue queue;       /* FakeRun * */
  GPtrArray *log;     /* what was run: "b", "a+b" for b after a, "b@text" for b in
                         that variant of its fixture, "b@" for one without variants */
  GPtrArray *settled; /* "b verified", "b verified after 1 earlier ...", and then
                         " [fixture ...]" and " (reason)" */
  guint most_waiting;
  gboolean newest_first;
  const Snippet *withheld; /* its first run ends last */
  const gchar *python;
  GHashTable *wanted;   /* Snippet *: whose verdicts are asked for; NULL: all */
  GPtrArray *fixtures;  /* Fixture * */
  const gchar *unready; /* variant that cannot be made ready; "*" for any fixture */
} World;

World *world_new(void);
void world_free(World *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, world_free)

void heading(World *world);
/* Snippets are named a, b, c, ... */
Snippet *block(World *world, const gchar *source);
/* A fixture, with variants in one word each, "relation text", or NULL. */
Fixture *fixture(World *world, const gchar *name, const gchar *variants);
/* A block with it, because it provides a name. */
Snippet *block_with(World *world, const Fixture *fixture, const gchar *name, const gchar *source);

/* Its verdict is asked for; those of blocks of which that was never said are not, then. */
void want(World *world, Snippet *snippet);

Exam *world_exam(World *world);
FakeRun *next_run(World *world);
void end_run(World *world, FakeRun *run);
void give_up(FakeRun *run);
/* From the first run to the last verdict. */
void sit(World *world);

gboolean was_run(const World *world, const gchar *what);
guint count_runs(const World *world, const gchar *what);
gboolean has_settled(const World *world, const gchar *what);
/* Says what there was instead. */
void assert_settled(const World *world, const gchar *what);
