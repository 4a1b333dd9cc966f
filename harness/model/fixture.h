/*
 * fixture.h: Python that must have run before a snippet can.
 *
 * A fixture is one file, `fixtures/library.py`. What stands here is its header, which is
 * read without running it: assignments of literals at the top level of the module.
 *
 *     PROVIDES = ["Book", "Author"]     names that snippets may use
 *     TOOLS = ["models", "Count"]       more of them, which bring no data of the fixture: what a
 *                                       snippet makes with them is its own
 *     SIGNS = ["objects", "models"]     words of which one must stand in a snippet before the
 *                                       fixture is chosen by names alone; left out: any snippet.
 *                                       "name=": where it names an argument
 *     IMPORTS = ["django"]              modules whose import chooses it, too
 *     NEEDS = {"django": "python3-django"}      modules that it needs, and what to install
 *     VARIANTS = {"relation": "an author is a row of its own", "text": "an author is a text"}
 *     BEHIND = ["other"]                fixtures that are meant instead where they have as many of
 *                                       a snippet's names
 *
 * All but PROVIDES or IMPORTS may be left out. How the rest of the file is written stands in
 * worker/fixture_module.py, which is what it imports as `proctor`.
 */
#pragma once

#include <glib.h>

typedef struct {
  gchar *name; /* a word: "relation" */
  gchar *text; /* what is special about it, as a phrase; "" where nothing is said */
} FixtureVariant;

typedef struct {
  gchar *module;  /* "django" */
  gchar *install; /* package that brings it: "python3-django" */
} FixtureNeed;

typedef struct {
  gchar *name;       /* the file's name without .py */
  gchar *path;       /* absolute: where it is loaded from */
  gchar *shown_path; /* as reports print it */
  gchar *summary;    /* the first line of its docstring; "" without one */
  GStrv provides;    /* with the tools; never NULL, as all lists here */
  GStrv tools;
  GStrv signs;
  GStrv imports;
  GStrv behind;
  GPtrArray *needs;    /* FixtureNeed *, in the order of the file */
  GPtrArray *variants; /* FixtureVariant *, likewise: the first is tried first. May be empty */
  gchar *digest;       /* of it and of all files of its folder, hexadecimal; NULL where that was
                          not asked for, or could not be had */
  gchar *problem;      /* why it cannot be used: "fixtures/a.py:3:12: PROVIDES is no list of
                          names"; NULL where it can. Then only the first three fields count */
} Fixture;

/* Empty lists; strings are copied. */
Fixture *fixture_new(const gchar *name, const gchar *path, const gchar *shown_path);
void fixture_free(Fixture *fixture);

/* Both strings are copied. */
void fixture_add_need(Fixture *fixture, const gchar *module, const gchar *install);
void fixture_add_variant(Fixture *fixture, const gchar *name, const gchar *text);
/* Whether `first` is meant where both have as many of a snippet's names. */
gboolean fixture_is_behind(const Fixture *one, const Fixture *first);
/* A text that Python wrote of it, such as a traceback, with its folder called as reports do where
 * it was loaded from elsewhere. NULL for NULL; newly allocated. */
gchar *fixture_text_shown(const Fixture *fixture, const gchar *text);
/* NULL for none. */
const FixtureVariant *fixture_variant(const Fixture *fixture, const gchar *name);

/* The fixture that a snippet runs with, and why. */
typedef struct {
  const Fixture *fixture; /* borrowed from the bank's fixtures; NULL with a problem */
  gchar *variant;         /* the only one that counts; NULL: each in turn, until one fits */
  GStrv names;            /* names of the snippet that it provides and modules whose import
                             chose it ("import django"); never NULL, may be empty where the
                             configuration chose */
  gboolean is_configured; /* the configuration says so */
  gboolean is_late;       /* an earlier block of the document binds one of the names: the
                             snippet is tried without the fixture first */
  gchar *problem;         /* why it cannot run with any: "'Book' is provided by a.py and b.py: say
                             in bank.yaml which is meant" */
} FixtureChoice;

/* names is copied; NULL means none. */
FixtureChoice *fixture_choice_new(const Fixture *fixture, const gchar *const *names);
void fixture_choice_free(FixtureChoice *choice);

/* "fixture library (relation) for Book, author"; newly allocated. variant may be NULL. */
gchar *fixture_choice_text(const FixtureChoice *choice, const gchar *variant);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixture, fixture_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FixtureChoice, fixture_choice_free)
