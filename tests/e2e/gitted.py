"""A test whose folder is a repository."""

import os
import subprocess

from support import Folder, block

ADA = "Ada Lind"


def question(*code, number=1, prose="Look at it."):
    return f"### {number}. What is printed?\n\n{prose}\n\n" + block(*code)


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

    def run_git(self, *arguments, code=0, cwd=None):
        """The process, when it has ended with this code."""
        result = subprocess.run(["git", *arguments], cwd=cwd or self.folder, env=self.environment,
                                capture_output=True, text=True)
        self.assertEqual(result.returncode, code, result)
        return result

    def git(self, *arguments, cwd=None):
        """What it prints."""
        return self.run_git(*arguments, cwd=cwd).stdout.strip()

    def commit(self, tag=None):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", tag or "a change")
        if tag is not None:
            self.git("tag", tag)

    def lose(self, revision):
        """Removes an object that is not packed; its id."""
        name = self.git("rev-parse", revision)
        os.remove(self.path(f".git/objects/{name[:2]}/{name[2:]}"))
        return name

    def short(self, revision):
        return self.git("rev-parse", "--short=7", revision)


class Hourly(Gitted):
    """Its commits are an hour apart."""

    def setUp(self):
        super().setUp()
        self.commits = 0
        self.environment.update(GIT_AUTHOR_NAME=ADA, GIT_COMMITTER_NAME="C",
                                GIT_COMMITTER_EMAIL="c@example.org")

    def run_git(self, *arguments, **options):
        when = f"{1700000000 + 3600 * getattr(self, 'commits', 0)} +0100"
        self.environment.update(GIT_AUTHOR_DATE=when, GIT_COMMITTER_DATE=when)
        return super().run_git(*arguments, **options)

    def commit(self, message, **documents):
        """Documents by their names without .md; None removes one. Returns the commit's id."""
        for name, text in documents.items():
            if text is None:
                os.unlink(self.path(f"{name}.md"))
            else:
                self.write(f"{name}.md", text)
        self.git("add", "--all")
        self.commits += 1
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")
