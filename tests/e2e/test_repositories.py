"""Repositories of every kind, and what a person is told where one lacks something."""

import os
import shutil
import subprocess
import sys
import unittest

from gitted import Gitted
from support import block, main

if shutil.which("git") is None:
    print("skipped: git is not installed")
    sys.exit(77)

OLD = block("print(1)  # 1")
NEW = block("print(2)  # 3")
REVISION, SINCE, BLAME = ("check", "--rev"), ("check", "--since"), ("blame",)
UNSHALLOW = "('git fetch --unshallow', or 'fetch-depth: 0' in CI, brings the rest)"


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

    def run_git(self, folder, *arguments):
        subprocess.run(["git", *arguments], cwd=folder, env=self.environment, check=True,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def says(self, code, message, *arguments, folder=None):
        """It ends with this code and this message alone."""
        result = self.proctor(*arguments, expect=code, cwd=folder or self.folder)
        self.assertEqual(result.stderr, f"proctor: {message}\n")
        self.assertEqual(result.stdout, "")

    def works(self, folder=None, paths=("docs",), since="first"):
        """All three commands, where the second version is looked at. blame takes no folder."""
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
        self.run_git(self.cache, "init", "--quiet", outer)
        self.run_git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add",
                     self.folder, "inner")
        self.run_git(outer, "commit", "--quiet", "--message", "of the outer one")
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
        result = subprocess.run(["git", "commit", "--message", "third", "docs/other.md"],
                                cwd=self.folder, env=self.environment, capture_output=True,
                                text=True)
        self.assertEqual(result.returncode, 0, result)
        self.assertIn("1 of 2 blocks changed since HEAD", result.stdout + result.stderr)
        result = subprocess.run(["git", "commit", "--all", "--message", "fourth"],
                                cwd=self.folder, env=self.environment, capture_output=True,
                                text=True)
        self.assertEqual(result.returncode, 1, result)
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
        os.mkdir(lonely)
        with open(os.path.join(lonely, "a.md"), "w", encoding="utf-8") as file:
            file.write(OLD)
        where = os.path.realpath(lonely)
        for command in (REVISION, SINCE):
            self.says(2, f"{where} lies in no git repository", *command, "main", folder=lonely)
        self.says(2, f"{where} lies in no git repository", "blame", "a.md:2", folder=lonely)
        self.says(2, f"{where} lies in no git repository", "check", "--staged", folder=lonely)
        result = self.proctor("check", expect=0, cwd=lonely)  # which needs none
        self.assertIn("1 block: 1 verified", result.stdout)

    def test_an_unborn_branch(self):
        self.git("checkout", "--quiet", "--orphan", "empty")
        message = "'HEAD' cannot be had, there is no commit yet: branch 'empty' is empty"
        self.says(2, message, *REVISION, "HEAD", "docs")
        self.says(2, message, *SINCE, "HEAD", "docs")
        self.says(2, "there is no commit yet: branch 'empty' is empty",
                  "blame", "lesson/lesson.1", "docs")

    def test_an_unknown_revision(self):
        for command in (REVISION, SINCE):
            self.says(2, "there is no revision 'nope' in this repository", *command, "nope")
            self.says(2, "'HEAD^{tree}' names no commit, but a tree", *command, "HEAD^{tree}")
        self.says(2, "there is no revision 'nope' in this repository",
                  "blame", "--rev", "nope", "lesson/lesson.1", "docs")

    def test_a_branch_that_only_the_remote_has(self):
        clone = self.beside("clone")
        self.git("clone", "--quiet", ".", clone)
        self.run_git(clone, "checkout", "--quiet", "-b", "topic")
        self.run_git(clone, "branch", "--quiet", "-D", "main")
        self.says(2, "there is no revision 'main' here, but there is 'origin/main'",
                  *SINCE, "main", folder=clone)

    def test_a_shallow_clone(self):
        clone = self.beside("clone")
        self.git("clone", "--quiet", "--depth", "1", f"file://{self.folder}", clone)
        for command in (REVISION, SINCE):
            self.says(2, f"there is no revision 'HEAD~1' in this shallow clone {UNSHALLOW}",
                      *command, "HEAD~1", folder=clone)
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

    def test_a_damaged_object(self):
        tree = self.git("rev-parse", "HEAD:docs")
        path = self.path(f".git/objects/{tree[:2]}/{tree[2:]}")
        os.chmod(path, 0o644)
        with open(path, "wb") as file:
            file.write(b"nonsense")
        for arguments in (("check", "--rev", "HEAD", "docs"), ("check", "--rev", "HEAD"),
                          ("blame", "lesson/lesson.1", "docs")):
            result = self.proctor(*arguments)
            self.assertIn(result.returncode, (2, 3), result)
            self.assertIn(f"git's object {tree} is damaged", result.stdout + result.stderr)

    def test_a_commit_that_is_not_there(self):
        commit = self.git("rev-parse", "HEAD")
        os.remove(self.path(f".git/objects/{commit[:2]}/{commit[2:]}"))
        for arguments in ((*REVISION, "main"), (*SINCE, "main")):
            self.says(2, f"the commit of 'main' cannot be read: git's object {commit} is missing "
                      "('git fsck' says more)", *arguments)

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
        self.says(2, message, "blame", "lesson/lesson.1", "docs")
        self.environment.update(GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="safe.directory",
                                GIT_CONFIG_VALUE_0="*")
        self.works()

    def test_a_conflict(self):
        self.git("checkout", "--quiet", "-b", "side", "first")
        self.write("docs/lesson.md", "# Lesson\n\n", block("print(4)  # 4"))
        self.commit("third")
        subprocess.run(["git", "merge", "--quiet", "main"], cwd=self.folder, env=self.environment,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        result = self.proctor("check", "--staged", "docs/lesson.md", expect=2)
        self.assertIn("docs/lesson.md: has a merge conflict in the index: 'git add' it when that "
                      "is resolved", result.stderr)


if __name__ == "__main__":
    main()
