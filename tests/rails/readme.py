"""README.md tells the truth: its commands work, its session shows what comes.

`sh` fences hold commands, one a line. `console` fences hold commands after "$ "
and what they print; documents that they speak of stand in `markdown` fences and
are named in the text before, as are the files that `text` fences show. Seconds, commits, dates and Python's
version may differ. The two commands of "Start" install packages or run this very test, so
they are only looked up."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

SOURCE = os.environ["PROCTOR_SOURCE"]
BUILD = os.environ["PROCTOR_BUILD"]
COPIED = ["examples", "expected"]
START = ["ci/first-run", "ci/build-and-test"]
FENCE = re.compile(r"^(`{3,})(\w+)\n(.*?)\n\1$", re.MULTILINE | re.DOTALL)

with open(os.path.join(SOURCE, "README.md"), encoding="utf-8") as file:
    TEXT = file.read()


def fences(language):
    """(text before, contents) of each fence; none of those inside another."""
    return [(TEXT[: match.start()], match.group(3)) for match in FENCE.finditer(TEXT)
            if match.group(2) == language]


def masked(text):
    text = re.sub(r"\b\d+\.\d+ s\b", "SECONDS", text.rstrip())
    text = re.sub(r"\b[0-9a-f]{7}\b", "COMMIT", text)
    text = re.sub(r"\b\d{4}-\d\d-\d\d( \d\d:\d\d [+-]\d{4})?", "DATE", text)
    return re.sub(r"\bPython \d+\.\d+\.\S+", "PYTHON", text)


class Readme(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="proctor-readme-")
        self.addCleanup(shutil.rmtree, self.folder)
        for name in COPIED:
            shutil.copytree(os.path.join(SOURCE, name), os.path.join(self.folder, name))
        os.symlink(BUILD, os.path.join(self.folder, "build"))
        self.cache = tempfile.mkdtemp(prefix="proctor-readme-cache-")
        self.addCleanup(shutil.rmtree, self.cache)

    def run_command(self, command):
        # Under CI=true nothing would be accepted.
        environment = {name: value for name, value in os.environ.items() if name != "CI"}
        environment["XDG_CACHE_HOME"] = self.cache
        environment["GIT_CONFIG_GLOBAL"] = environment["GIT_CONFIG_SYSTEM"] = os.devnull
        for role in ("AUTHOR", "COMMITTER"):
            environment[f"GIT_{role}_NAME"] = "Ada"
            environment[f"GIT_{role}_EMAIL"] = "ada@example.org"
        environment["PATH"] = os.pathsep.join([os.path.join(BUILD, "bin"), os.environ["PATH"]])
        return subprocess.run(["bash", "-c", command], cwd=self.folder, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env=environment, check=False)

    def files(self):
        """What the copied folders hold, by path."""
        found = {}
        for top in COPIED:
            for folder, _, names in os.walk(os.path.join(self.folder, top)):
                for name in names:
                    with open(os.path.join(folder, name), "rb") as file:
                        found[os.path.join(os.path.relpath(folder, self.folder), name)] = file.read()
        return found

    def commands(self):
        return [line for _, fence in fences("sh") for line in fence.splitlines()
                if line.strip() and not line.startswith("#")]

    def test_it_starts_with_exactly_two_commands(self):
        self.assertEqual(self.commands()[:2], START)
        for script in START:
            self.assertTrue(os.access(os.path.join(SOURCE, script), os.X_OK), script)

    def test_commands_succeed(self):
        commands = self.commands()[2:]
        self.assertTrue(commands)
        before = self.files()
        for command in commands:
            with self.subTest(command=command):
                result = self.run_command(command)
                self.assertEqual(result.returncode, 0, result.stdout)
        # All of it is true and accepted already: there was nothing to change.
        self.assertEqual(self.files(), before)

    def test_files_that_are_shown_are_there(self):
        shown = fences("text")
        self.assertTrue(shown)
        for before, text in shown:
            path = re.findall(r"`([\w/.-]+/[\w/.-]+\.\w+)`", before)[-1]
            with self.subTest(path=path):
                self.assertEqual(self.files()[path].decode(), text + "\n")

    def test_the_session_shows_what_comes(self):
        sessions = fences("console")
        self.assertTrue(sessions)
        for before, document in fences("markdown"):
            name = re.findall(r"`([\w-]+\.md)`", before)[-1]
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
                file.write(document + "\n")
        for _, session in sessions:
            for part in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
                command, _, shown = part.partition("\n")
                with self.subTest(command=command):
                    result = self.run_command(command)
                    self.assertEqual(masked(result.stdout), masked(shown))

    def write(self, name, text):
        path = os.path.join(self.folder, "own", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def test_the_fixture_does_what_is_said(self):
        for _, fixture in fences("python"):
            self.write("fixtures/shop.py", fixture)
        self.write("sums.md", "    total = price_of('tea') + price_of('rice')  # looks up 2 prices\n")
        result = self.run_command("proctor explain own/sums.md:1")
        self.assertRegex(result.stdout, r"look-up tea\b")
        self.assertIn("three products are left", result.stdout)
        self.assertEqual(self.run_command("proctor check --strict own").returncode, 0)
        self.write("sums.md", "    total = price_of('tea')  # looks up 2 prices\n")
        self.assertIn("but it looked up 1", self.run_command("proctor check own").stdout)

    def test_the_configuration_can_be_said(self):
        for _, configuration in fences("yaml"):
            self.write("bank.yaml", configuration)
        self.write("fixtures/library.py", 'PROVIDES = ["Book"]\nVARIANTS = {"relation": "any"}\n'
                                          "def setup(variant): return {'Book': variant}\n")
        self.write("orm.md", "".join(f"## {section}\n\n### {number}. Which?\n\n```python\n"
                                     f"{code}\n```\n\n```python\n{code}\n```\n\n"
                                     for section, number, code in (
                                         ("Transactions", 1, "print(Book)  # relation"),
                                         ("Querysets", 7, "raise SystemError"),
                                         ("Querysets", 8, "print(1)  # 1"))))
        result = self.run_command("proctor check --json report.json own && cat report.json")
        self.assertIn("1 skipped", result.stdout, result.stdout)
        self.assertIn("shows what an old version did", result.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
