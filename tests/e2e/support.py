"""What the tests of the built program share: a folder of documents, a way to run
proctor, and a look at what a run leaves behind."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

PROCTOR = os.environ["PROCTOR"]
SOURCE = os.environ["PROCTOR_SOURCE"]
BANKS = os.environ["PROCTOR_BANKS"]
SCHEMA = os.path.join(SOURCE, "harness", "report", "check.schema.json")

CLASSES = ("verified false changed ran raised hung limit crashed fragment needs unparsable "
           "skipped infra").split()

WRAPPER = """#!/bin/sh
echo started >> '{log}'
exec '{worker}' "$@"
"""


# What a CI service sets: each test says itself where proctor is to believe that it runs in one.
FOREIGN = ("PYTHON", "GIT_", "GITHUB_", "CI_", "GITLAB_")


def environment(**changes):
    kept = {name: value for name, value in os.environ.items()
            if name != "CI" and not name.startswith(FOREIGN)}
    return {**kept, **changes}


def block(*lines, language="python"):
    return "\n".join([f"```{language}", *lines, "```", "", ""])


class Folder(unittest.TestCase):
    """Each test has an empty folder as its current one, another for temporary
    files, which proctor must leave empty, and a third one for what it keeps."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="proctor-e2e-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.temporary = os.path.join(self.folder, ".temporary")
        os.mkdir(self.temporary)
        # Results are kept for this test alone, outside its folder, which may be a repository.
        self.cache = tempfile.mkdtemp(prefix="proctor-e2e-cache-")
        self.addCleanup(shutil.rmtree, self.cache)
        self.environment = environment(TMPDIR=self.temporary, XDG_CACHE_HOME=self.cache,
                                       LC_ALL="C.UTF-8")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, *texts):
        """Writes texts, strings or bytes, one after the other."""
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "wb") as file:
            for text in texts:
                file.write(text if isinstance(text, bytes) else text.encode())

    def start(self, *arguments, **options):
        settings = {"cwd": self.folder, "env": self.environment, "stdin": subprocess.DEVNULL,
                    "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True,
                    "errors": "surrogateescape"}
        return subprocess.Popen([PROCTOR, *arguments], **{**settings, **options})

    def proctor(self, *arguments, expect=None, **options):
        """Runs it to its end, and looks at its exit code and at what is left."""
        feed = options.pop("input", None)
        if feed is not None:
            options["stdin"] = subprocess.PIPE
        with self.start(*arguments, **options) as process:
            stdout, stderr = process.communicate(feed, timeout=60)
        result = subprocess.CompletedProcess(arguments, process.returncode, stdout, stderr)
        if expect is not None:
            self.assertEqual(result.returncode, expect, result)
        self.assertEqual(os.listdir(self.temporary), [], "left behind in TMPDIR")
        return result

    def check(self, *arguments, expect=None):
        """The report of a check as it reads from --json."""
        result = self.proctor("check", "--json", "-", *arguments, expect=expect)
        report = json.loads(result.stdout)
        self.assertEqual(sum(report["ledger"].values()), report["blocks"])
        self.assertEqual(len(report["snippets"]), report["blocks"])
        return report

    def count_workers(self):
        """Puts a program before each worker that notes that it was started."""
        self.log = os.path.join(self.cache, "starts")
        folder = os.path.join(self.cache, "workers")
        beside = os.environ.get("PROCTOR_WORKER_DIR") or os.path.dirname(PROCTOR)
        os.mkdir(folder)
        for name in os.listdir(beside):
            if name.startswith("proctor-worker-"):
                path = os.path.join(folder, name)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(WRAPPER.format(log=self.log, worker=os.path.join(beside, name)))
                os.chmod(path, 0o755)
        self.environment["PROCTOR_WORKER_DIR"] = folder

    def starts(self):
        """How many workers were started since this was last asked."""
        try:
            with open(self.log, encoding="ascii") as file:
                count = len(file.readlines())
        except FileNotFoundError:
            return 0
        os.unlink(self.log)
        return count

    def classes(self, report):
        return [snippet["class"] for snippet in report["snippets"]]


def main():
    unittest.main(verbosity=2)
