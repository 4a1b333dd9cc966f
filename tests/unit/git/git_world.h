/*
 * git_world.h: a folder of its own for each test, in which repositories are made by git itself:
 * what this room reads is what that writes. The folder is the current one, and its path has no
 * links in it.
 */
#pragma once

#include <check.h>

#include "git/repository.h"

/* For tcase_add_checked_fixture(). Takes away what git's variables say outside. */
void git_world_setup(void);
void git_world_teardown(void);

/* Runs a command of the shell in the current folder; it must not fail. What it printed, without
 * its last newline; caller frees. */
gchar *shell(const gchar *format, ...) G_GNUC_PRINTF(1, 2);
/* The same, for what it does. */
void run(const gchar *format, ...) G_GNUC_PRINTF(1, 2);

/* A file with its folders. */
void put(const gchar *path, const gchar *text);

/* An empty repository in a folder, to which the current folder is changed. */
void begin(const gchar *folder);
/* Commits all that there is. Each is an hour later than the one before. Its id; borrowed until the
 * next one. */
const gchar *commit_as(const gchar *author, const gchar *message);

/* The repository in the current folder, which must be one. */
Repository *repository_here(void);
/* Of a revision that must be there. */
Commit *commit_at(Repository *repository, const gchar *revision);

/* That an error was met, whose message holds a text; clears it. */
void assert_said(GError **error, gint code, const gchar *text);
