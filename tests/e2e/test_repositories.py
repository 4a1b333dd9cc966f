"""Repositories of every kind, and what a person is told where one lacks something."""

import os
import shutil
import sys
import unittest

from gitted import Gitted
from support import block, main

if shutil.which("git") is None:
    print("skipped: git is not installed")
    sys.exit(77)

OLD = block("print(1)  # 1")
NEW = block("print(2)  # 3")
REVISION, SINCE = ("check", "--rev"), ("check", "--since")
UNSHALLOW = "('git fetch --unshallow', or 'fetch-depth: 0' in CI, brings the rest)"
LESSON = "lesson/lesson.1"
HISTORY = ("history", LESSON, "docs")
# Those that look at a commit without being told which.
HERE = (("diff", "--", "docs"), ("bisect", LESSON, "docs"), ("blame", LESSON, "docs"))


def asking(revision):
    """Every command that can be told a revision."""
    return ((*REVISION, revision, "docs"), (*SINCE, revision, "docs"),
            ("list", "--rev", revision, "docs"), ("diff", revision, "docs"),
            *(naming(revision)))


def naming(revision):
    """Those of them that are about one block."""
    return tuple((command, "--rev", revision, LESSON, "docs")
                 for command in ("explain", "bisect", "blame"))



class Repositories(Gitted):
    """A lesson in its second version, whose first was right."""

    def setUp(self):
        super().setUp()
        self.write("docs/lesson.md", "# Lesson\n\n", OLD)
        self.commit("first")
        self.write("docs/lesson.md", "# Lesson\n\n", NEW)
        self.commit("second")

    def beside(self, name):
        """The path of a folder beside the repository; it need not be there."""
        return os.path.join(self.cache, name)

    def says(self, code, message, *arguments, folder=None):
        """It ends with this code and this message alone."""
        result = self.proctor(*arguments, expect=code, cwd=folder or self.folder)
        self.assertEqual(result.stderr, f"proctor: {message}\n")
        self.assertEqual(result.stdout, "")

    def all_say(self, code, message, commands, folder=None):
        """Each of them ends with this code, and says this and no more."""
        for command in commands:
            with self.subTest(command=command):
                self.says(code, message, *command, folder=folder)

    def works(self, folder=None, paths=("docs",), since="first"):
        """All commands, where the second version is looked at."""
        cwd = folder or self.folder
        result = self.proctor("check", "--rev", "first", *paths, expect=0, cwd=cwd)
        self.assertIn("1 block: 1 verified", result.stdout)
        result = self.proctor("check", "--since", since, *paths, expect=1, cwd=cwd)
        self.assertIn("1 of 1 block changed since " + since, result.stdout)
        result = self.proctor("check", "--since", "HEAD", *paths, expect=0, cwd=cwd)
        self.assertIn("0 of 1 block changed since HEAD", result.stdout)
        result = self.proctor("blame", "lesson/lesson.1", *paths, expect=0, cwd=cwd)
        self.assertRegex(result.stdout, r"\n  4 +[0-9a-f]{7}  2026-01-01  Ada  second")
        self.assertEqual(result.stderr, "")
        for code, said, *arguments in (
                (0, "1 block", "list", "--rev", "first"),
                (0, "print(1)", "explain", "--rev", "first", LESSON),
                (1, "became false: says '3', printed 2", "diff", "first"),
                (0, " second\n", "bisect", LESSON),
                (0, "Ada: second", "history", LESSON)):
            result = self.proctor(*arguments, *paths, expect=code, cwd=cwd)
            self.assertIn(said, result.stdout)
            self.assertEqual(result.stderr, "")

    # --- those that are odd, and whole

    def test_a_plain_one(self):
        self.works()

    def test_a_detached_head(self):
        self.git("checkout", "--quiet", "--detach")
        self.works()

    def test_a_further_work_tree(self):
        self.git("worktree", "add", "--quiet", self.beside("tree"), "-b", "other")
        self.works(self.beside("tree"))

    def test_a_submodule(self):
        outer = self.beside("outer")
        self.git("init", "--quiet", outer, cwd=self.cache)
        self.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add",
                 self.folder, "inner", cwd=outer)
        self.git("commit", "--quiet", "--message", "of the outer one", cwd=outer)
        self.works(os.path.join(outer, "inner"))
        self.works(outer, ("inner/docs",))
        # The outer one has no documents of it.
        result = self.proctor("check", "--rev", "HEAD", expect=4, cwd=outer)
        self.assertIn("0 blocks", result.stdout)

    def test_a_bare_one(self):
        bare = self.beside("bare.git")
        self.git("clone", "--quiet", "--bare", ".", bare)
        result = self.proctor("check", "--rev", "first", "docs", expect=0, cwd=bare)
        self.assertIn("1 block: 1 verified", result.stdout)
        result = self.proctor("check", "--rev", "main", "--since", "first", expect=1, cwd=bare)
        self.assertIn("1 of 1 block changed since first", result.stdout)
        result = self.proctor("blame", "--rev", "main", "docs/lesson.md:4", expect=0, cwd=bare)
        self.assertRegex(result.stdout, r"\n  4 +[0-9a-f]{7}  2026-01-01  Ada  second")
        for code, said, *arguments in (
                (0, "1 block", "list", "--rev", "main", "docs"),
                (0, "print(2)", "explain", "--rev", "main", LESSON, "docs"),
                (1, "became false: says '3', printed 2", "diff", "first..main", "docs"),
                (0, " second\n", "bisect", LESSON, "docs")):
            result = self.proctor(*arguments, expect=code, cwd=bare)
            self.assertIn(said, result.stdout)
        for command in ("blame", "history"):  # they begin with what is on the disk
            self.says(2, "docs: no such file or folder", command, LESSON, "docs", folder=bare)
        message = f"nothing can be staged in '{os.path.realpath(bare)}/': it is a bare repository"
        self.says(2, message, "check", "--staged", folder=bare)

    def test_a_hook(self):
        """git gives a hook its own index: of `git commit FILE`, one with that file alone."""
        self.write("docs/other.md", "# Other\n\n", OLD)
        self.git("add", "--all")
        self.write("docs/lesson.md", "# Lesson\n\n", block("print(2)  # 4"))
        self.write(".git/hooks/pre-commit",
                   "#!/bin/sh\ncd docs\nexec \"$PROCTOR\" check --staged\n")
        os.chmod(self.path(".git/hooks/pre-commit"), 0o755)
        result = self.run_git("commit", "--message", "third", "docs/other.md")
        self.assertIn("1 of 2 blocks changed since HEAD", result.stdout + result.stderr)
        result = self.run_git("commit", "--all", "--message", "fourth", code=1)
        self.assertIn("says '4', printed 2", result.stdout + result.stderr)

    def test_a_sparse_checkout(self):
        self.write("other/x.md", "x")
        self.commit("third")
        self.git("sparse-checkout", "set", "other")
        self.assertFalse(os.path.exists(self.path("docs")))
        result = self.proctor("check", "--rev", "first", "docs", expect=0)
        self.assertIn("1 block: 1 verified", result.stdout)

    # --- those that lack something

    def test_no_repository(self):
        lonely = self.beside("lonely")
        os.makedirs(os.path.join(lonely, "docs"))
        for name in ("a.md", "docs/lesson.md"):
            with open(os.path.join(lonely, name), "w", encoding="utf-8") as file:
                file.write("# Lesson\n\n" + OLD)
        where = os.path.realpath(lonely)
        for command in (REVISION, SINCE):
            self.says(2, f"{where} lies in no git repository", *command, "main", folder=lonely)
        self.says(2, f"{where} lies in no git repository", "blame", "a.md:4", folder=lonely)
        self.says(2, f"{where} lies in no git repository", "check", "--staged", folder=lonely)
        self.all_say(2, f"{where}/docs lies in no git repository", (*asking("main"), *HERE),
                     lonely)
        result = self.proctor("check", "docs", expect=0, cwd=lonely)  # which needs none
        self.assertIn("1 block: 1 verified", result.stdout)
        result = self.proctor(*HISTORY, expect=0, cwd=lonely)  # there are runs to tell of
        self.assertIn("\n  verified ", result.stdout)
        self.assertEqual(result.stderr, "")

    def test_an_unborn_branch(self):
        self.git("checkout", "--quiet", "--orphan", "empty")
        message = "'HEAD' cannot be had, there is no commit yet: branch 'empty' is empty"
        diff, bisect, blame = HERE
        self.all_say(2, message, (*asking("HEAD"), diff, bisect))
        self.says(2, "there is no commit yet: branch 'empty' is empty", *blame)
        result = self.proctor("check", "--staged", "docs", expect=1)
        self.assertIn("1 of 1 block new: there is no commit yet", result.stdout)
        result = self.proctor(*HISTORY, expect=0)
        self.assertEqual(result.stderr, "")

    def test_an_unknown_revision(self):
        for command in (REVISION, SINCE):
            self.says(2, "'HEAD^{tree}' names no commit, but a tree", *command, "HEAD^{tree}")
        self.all_say(2, "there is no revision 'nope' in this repository", asking("nope"))

    def test_a_branch_that_only_the_remote_has(self):
        clone = self.beside("clone")
        self.git("clone", "--quiet", ".", clone)
        self.git("checkout", "--quiet", "-b", "topic", cwd=clone)
        self.git("branch", "--quiet", "-D", "main", cwd=clone)
        self.says(2, "there is no revision 'main' here, but there is 'origin/main'",
                  *SINCE, "main", folder=clone)

    def test_a_shallow_clone(self):
        clone = self.beside("clone")
        self.git("clone", "--quiet", "--depth", "1", f"file://{self.folder}", clone)
        self.all_say(2, f"there is no revision 'HEAD~1' in this shallow clone {UNSHALLOW}",
                     asking("HEAD~1"), clone)
        result = self.proctor("bisect", LESSON, "docs", expect=0, cwd=clone)
        self.assertIn("the clone is shallow, and ends there", result.stdout)
        result = self.proctor("diff", "docs", expect=0, cwd=clone)
        self.assertIn("1 block; 0 compared", result.stdout)
        result = self.proctor(*HISTORY, expect=0, cwd=clone)
        self.assertIn(self.short("HEAD"), result.stdout)
        result = self.proctor("check", "--rev", "HEAD", expect=1, cwd=clone)
        self.assertIn("1 block: 1 false", result.stdout)
        result = self.proctor("blame", "docs/lesson.md:3", expect=0, cwd=clone)
        short = self.short("HEAD")
        self.assertIn(f"{short} is where this shallow clone begins: what it is said to have "
                      "written may be older ('git fetch --unshallow' brings the rest)\n",
                      result.stdout)

    def test_an_object_that_is_not_there(self):
        blob = self.git("rev-parse", "first:docs/lesson.md")
        os.remove(self.path(f".git/objects/{blob[:2]}/{blob[2:]}"))
        short = self.short("first")
        lack = f"cannot be read: git's object {blob} is missing ('git fsck' says more)"
        result = self.proctor("check", "--rev", "first", "docs/lesson.md")
        self.assertEqual(result.returncode, 2, result)
        self.assertIn(f"docs/lesson.md in commit {short} {lack}", result.stderr)
        # What is not known to be as it was is checked.
        result = self.proctor("check", "--since", "first", "docs", expect=1)
        self.assertIn(f"docs/lesson.md in commit {short} {lack}", result.stderr)
        self.assertIn("so that every block is checked", result.stderr)
        self.assertIn("1 block: 1 false", result.stdout)
        self.says(3, f"docs/lesson.md {lack}", "blame", "lesson/lesson.1", "docs")
        message = f"docs/lesson.md in commit {short} {lack}"
        explain, bisect, blame = naming("first")
        self.all_say(2, message, (explain, bisect))
        self.says(3, message, *blame)
        self.says(2, f"the bank cannot be read as it is at first ({short}): {message}",
                  "diff", "first", "docs")
        self.says(3, f"docs/lesson.md: {message}", "list", "--rev", "first", "docs")
        self.proctor(*HISTORY, expect=0)

    def test_a_damaged_object(self):
        tree = self.git("rev-parse", "HEAD:docs")
        path = self.path(f".git/objects/{tree[:2]}/{tree[2:]}")
        os.chmod(path, 0o644)
        with open(path, "wb") as file:
            file.write(b"nonsense")
        for arguments in (("check", "--rev", "HEAD"), *asking("HEAD"), *HERE):
            with self.subTest(arguments=arguments):
                result = self.proctor(*arguments)
                # What is not known to be as it was is checked, and is wrong.
                codes = (1,) if "--since" in arguments else (2, 3)
                self.assertIn(result.returncode, codes, result)
                self.assertIn(f"git's object {tree} is damaged", result.stdout + result.stderr)
        result = self.proctor(*HISTORY, expect=0)
        self.assertIn("proctor: the commits cannot be looked at: ", result.stderr)
        self.assertIn(f"git's object {tree} is damaged", result.stderr)

    def test_a_commit_that_is_not_there(self):
        commit = self.git("rev-parse", "HEAD")
        os.remove(self.path(f".git/objects/{commit[:2]}/{commit[2:]}"))
        lack = f"cannot be read: git's object {commit} is missing ('git fsck' says more)"
        diff, bisect, blame = HERE
        self.all_say(2, f"the commit of 'main' {lack}", asking("main"))
        self.all_say(2, f"the commit of 'HEAD' {lack}", (("check", "--staged"), diff, bisect))
        self.says(3, f"the commit of 'HEAD' {lack}", *blame)
        result = self.proctor(*HISTORY, expect=0)
        self.assertEqual(result.stderr, "proctor: the commits cannot be looked at: the commit of "
                         f"'HEAD' {lack}\n")

    def test_an_older_commit_that_is_not_there(self):
        commit = self.git("rev-parse", "HEAD~1")
        os.remove(self.path(f".git/objects/{commit[:2]}/{commit[2:]}"))
        lack = (f"commit {commit[:7]} cannot be read: git's object {commit} is missing "
                "('git fsck' says more)")
        for revision in ("HEAD~1", "HEAD^", "@~1", "main~2"):
            self.all_say(2, lack, asking(revision))
        self.all_say(2, "there is no revision 'HEAD^2' in this repository", asking("HEAD^2"))
        result = self.proctor(*HISTORY, expect=0)
        self.assertEqual(result.stderr, f"proctor: the commits cannot be looked at: {lack}\n")

    def test_a_partial_clone(self):
        clone = self.beside("clone")
        self.git("config", "uploadpack.allowFilter", "true")
        self.git("clone", "--quiet", "--filter=blob:none", f"file://{self.folder}", clone)
        result = self.proctor("check", "--rev", "first", "docs/lesson.md", expect=2, cwd=clone)
        self.assertIn("this is a partial clone without git's object", result.stderr)
        self.assertIn("('git fetch --refetch --no-filter' brings all of them)", result.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "only root can give files away")
    def test_somebody_elses(self):
        os.chown(self.folder, 12345, 12345)
        where = os.path.realpath(self.folder)
        message = (f"{where}: the repository belongs to somebody else, and git reads it only when "
                   f"told to: git config --global --add safe.directory {where}")
        self.says(2, message, *REVISION, "first")
        self.says(2, message, *SINCE, "first")
        self.all_say(2, message, (*asking("first"), *HERE))
        self.environment.update(GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="safe.directory",
                                GIT_CONFIG_VALUE_0="*")
        self.works()

    def test_a_conflict(self):
        self.git("checkout", "--quiet", "-b", "side", "first")
        self.write("docs/lesson.md", "# Lesson\n\n", block("print(4)  # 4"))
        self.commit("third")
        self.run_git("merge", "--quiet", "main", code=1)
        result = self.proctor("check", "--staged", "docs/lesson.md", expect=2)
        self.assertIn("docs/lesson.md: has a merge conflict in the index: 'git add' it when that "
                      "is resolved", result.stderr)


if __name__ == "__main__":
    main()
