"""A test whose folder is a repository."""

import os
import subprocess

from support import Folder


class Gitted(Folder):
    def setUp(self):
        super().setUp()
        self.environment.update(
            GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_SYSTEM=os.devnull, HOME=self.cache,
            GIT_AUTHOR_NAME="Ada", GIT_AUTHOR_EMAIL="ada@example.org",
            GIT_COMMITTER_NAME="Ada", GIT_COMMITTER_EMAIL="ada@example.org",
            GIT_AUTHOR_DATE="2026-01-01T12:00:00+0000",
            GIT_COMMITTER_DATE="2026-01-01T12:00:00+0000")
        self.git("init", "--quiet", "--initial-branch=main")
        self.write(".git/info/exclude", "/.temporary\n")

    def git(self, *arguments):
        return subprocess.run(["git", *arguments], cwd=self.folder, env=self.environment,
                              check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True).stdout.strip()

    def commit(self, tag=None):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", tag or "a change")
        if tag is not None:
            self.git("tag", tag)

    def short(self, revision):
        return self.git("rev-parse", "--short=7", revision)
