"""A bank read at a revision of git: nothing of it from the disk, and nothing written there."""

import json
import os
import shutil
import signal
import time

from gitted import Gitted
from support import block, main

SHELF = """\
\"\"\"A shelf of {count} books.\"\"\"
import helper
PROVIDES = ["shelf"]

def setup(variant):
    return {{"shelf": helper.books({count})}}
"""
HELPER = "def books(count):\n    return list(range(count))\n"
EXPECTED = "---\nsnippet: {id}\noutcome: finishes\n---\n{text}\n"
CONFIG = "documents:\n  notes.md:\n    snippets:\n      {name}: {{skip: {reason}}}\n"


class Revisions(Gitted):
    def classes_at(self, revision, *paths):
        return self.classes(self.check("--rev", revision, *paths))

    def verdicts(self, *arguments):
        return {each["id"]: each["class"] for each in self.check(*arguments)["snippets"]}

    def ids(self, *arguments):
        with self.start("list", "--json", "-", *arguments) as process:
            return [each["id"] for each in json.load(process.stdout)["snippets"]]

    def test_documents(self):
        self.write("notes.md", block("print(1)  # 1"))
        self.commit("one")
        self.write("notes.md", block("print(1)  # 2"), block("print(2)  # 2"))
        self.write("more/other.md", block("print(3)  # 3"))
        self.commit("two")
        self.write("notes.md", block("print(1)  # 7"))
        self.write("untracked.md", block("print(1)  # 7"))
        os.remove(self.path("more/other.md"))
        self.assertEqual(self.classes_at("one"), ["verified"])
        self.assertEqual(self.classes_at("two"), ["verified", "false", "verified"])
        self.assertEqual(self.classes_at("two~1"), ["verified"])
        self.assertEqual(self.classes_at("two", "more"), ["verified"])
        self.assertEqual(self.ids("--rev", "two", "more/other.md"), ["other/top.1"])
        self.assertEqual(len(self.ids("--rev", "two")), 3)
        said = self.proctor("explain", "--rev", "one", "notes.md:2", expect=0).stdout
        self.assertIn("Verdict: verified", said)
        said = self.proctor("explain", "--rev", "two", "more/other.md:2", expect=0).stdout
        self.assertIn("Verdict: verified", said)
        self.assertIn("more/other.md", said)

    def test_paths_are_those_of_the_disk(self):
        self.write("bank/notes.md", block("print(1)  # 1"))
        self.write("other.md", block("print(1)  # 2"))
        self.commit("one")
        self.write("bank/deep/x.md", block("print(1)  # 2"))
        for folder, path in (("bank", "notes.md"), ("bank", "."), ("bank/deep", ".."),
                             ("bank", self.path("bank/notes.md")), (".", "bank/../bank")):
            with self.subTest(folder=folder, path=path):
                result = self.proctor("check", "--rev", "one", path, expect=0,
                                      cwd=self.path(folder))
                self.assertIn("1 block: 1 verified", result.stdout)
        # The same repository under another name.
        os.symlink(self.folder, os.path.join(self.cache, "link"))
        there = os.path.join(self.cache, "link", "bank")
        with self.start("check", "--rev", "one", cwd=there,
                        env={**self.environment, "PWD": there}) as process:
            self.assertIn("1 block: 1 verified", process.communicate()[0])

    def test_what_is_not_there(self):
        self.write("notes.md", block("print(1)  # 1"))
        self.commit("one")
        self.write("later/new.md", block("print(1)  # 1"))
        short = self.git("rev-parse", "--short=7", "HEAD")
        outside = os.path.join(self.cache, "outside.md")
        with open(outside, "w", encoding="utf-8") as file:
            file.write(block("print(1)  # 1"))
        for arguments, words in (
                (["one", "later"], f"later: not in one ({short})"),
                (["one", "gone.md"], f"gone.md: not in one ({short})"),
                (["one", outside], "lies in no git repository"),
                (["one", "notes.md", outside], "not in the repository"),
                (["two"], "two")):
            for command in ("check", "list"):
                with self.subTest(command=command, arguments=arguments):
                    result = self.proctor(command, "--rev", *arguments, expect=2)
                    self.assertRegex(result.stderr, "^proctor: [^\n]*\n$")
                    self.assertIn(words, result.stderr)
                    self.assertEqual(result.stdout, "")
        result = self.proctor("explain", "--rev", "one", "later/new.md:2", expect=2)
        self.assertIn(f"later/new.md: not in one ({short})", result.stderr)
        self.proctor("check", "--rev", "one", "later", expect=2, cwd=self.path("later"))
        # There, and of no use.
        result = self.proctor("check", "--rev", "one", cwd=self.path("later"), expect=2)
        self.assertIn(f".: not in one ({short})", result.stderr)
        result = self.proctor("check", "--rev", "one", "--staged", expect=2)
        self.assertIn("--staged", result.stderr)

    def test_configuration_and_expectations(self):
        self.write("notes.md", block("print(5)"), block("print(6)"))
        ids = [each["content_id"] for each in self.check()["snippets"]]
        self.write("bank.yaml", CONFIG.format(name="notes/top.2", reason="the older one"))
        self.write("expected/notes/top.1.txt", EXPECTED.format(id=ids[0], text="5"))
        self.commit("one")
        self.write("bank.yaml", "expected: accepted\n")
        self.write("expected/notes/top.1.txt", EXPECTED.format(id=ids[0], text="7"))
        self.write("accepted/notes/top.1.txt", EXPECTED.format(id=ids[0], text="8"))
        self.write("accepted/notes/top.2.txt", EXPECTED.format(id=ids[1], text="6"))
        self.commit("two")
        os.remove(self.path("bank.yaml"))
        shutil.rmtree(self.path("accepted"))
        self.assertEqual(self.classes_at("one"), ["verified", "skipped"])
        self.assertEqual(self.classes_at("two"), ["changed", "verified"])
        self.assertEqual(self.classes(self.check()), ["changed", "ran"])
        self.assertEqual(self.classes_at("two", "--expected", "expected"), ["changed", "ran"])
        report = self.check("--rev", "one")
        self.assertEqual(report["snippets"][1]["reason"], "the older one")
        # What is not in the revision is the disk's, where an option names it.
        self.write("own.yaml", CONFIG.format(name="notes/top.1", reason="named"))
        self.assertEqual(self.classes_at("one", "--config", "own.yaml"), ["skipped", "ran"])
        self.assertEqual(self.classes_at("two", "--config", "bank.yaml"), ["changed", "verified"])
        # Nothing is stale where the revision has it.
        result = self.proctor("check", "--rev", "two", expect=1)
        self.assertNotIn("any more", result.stdout)
        self.assertEqual(self.git("status", "--porcelain", "expected", "notes.md"), "")

    def test_fixtures(self):
        self.write("notes.md", block("print(len(shelf))  # 2"), block("print(1)  # 1"))
        self.write("fixtures/shelf.py", SHELF.format(count=2))
        self.write("fixtures/helper.py", HELPER)
        self.commit("one")
        self.write("fixtures/helper.py", HELPER.replace("(count))", "(count + 1))"))
        self.commit("two")
        self.git("mv", "fixtures", "equipment")
        self.write("bank.yaml", "fixtures: equipment\n")
        self.write("equipment/shelf.py", SHELF.format(count=1))
        self.commit("three")
        shutil.rmtree(self.path("equipment"))
        self.assertEqual(self.classes_at("one"), ["verified", "verified"])
        self.assertEqual(self.classes_at("two"), ["ran", "verified"])
        self.assertEqual(self.classes_at("three"), ["verified", "verified"])
        for revision, place in (("one", "fixtures"), ("three", "equipment")):
            with self.subTest(revision):
                report = self.check("--rev", revision)
                (fixture,) = report["fixtures"]
                self.assertEqual(fixture["path"], f"{place}/shelf.py")
                said = self.proctor("explain", "--rev", revision, "notes.md:2", expect=0).stdout
                self.assertIn("Verdict: verified", said)
                self.assertIn(f"{place}/shelf.py", said)
                self.assertNotIn(self.temporary, said)
        self.assertEqual(self.proctor("check", expect=2).stderr.count("there is no folder"), 1)
        listed = self.proctor("list", "--rev", "one", expect=0).stdout
        self.assertIn("[fixture shelf for shelf]", listed)

    def test_fixtures_that_are_named(self):
        self.write("notes.md", block("print(len(shelf))  # 2"))
        self.write("fixtures/shelf.py", SHELF.format(count=1))
        self.write("fixtures/helper.py", HELPER)
        self.write("second/shelf.py", SHELF.format(count=2))
        self.write("second/helper.py", HELPER)
        self.commit("one")
        self.write("third/shelf.py", SHELF.format(count=2))
        self.write("third/helper.py", HELPER)
        shutil.rmtree(self.path("second"))
        self.assertEqual(self.classes_at("one"), ["ran"])
        self.assertEqual(self.classes_at("one", "--fixtures", "second"), ["verified"])
        self.assertEqual(self.classes_at("one", "--fixtures", "third"), ["verified"])

    def test_broken_fixtures(self):
        """What is said of one names it as the repository does."""
        self.write("notes.md", block("print(shelf)  # 1"))
        self.write("fixtures/shelf.py", "PROVIDES = ['shelf']\nraise KeyError('no shelf')\n")
        self.commit("one")
        shutil.rmtree(self.path("fixtures"))
        result = self.proctor("check", "--rev", "one", "--json", "report.json")
        with open(self.path("report.json"), encoding="utf-8") as file:
            report = json.load(file)
        self.assertEqual(self.classes(report), ["needs"])
        self.assertIn("no shelf", report["fixtures"][0]["failure"])
        self.assertEqual(report["fixtures"][0]["path"], "fixtures/shelf.py")
        self.assertNotIn(self.temporary, result.stdout)

    def test_ends_early(self):
        """The fixture that was written goes away, however proctor ends."""
        self.write("notes.md", block("print(shelf, flush=True)", "while True: pass"))
        self.write("fixtures/shelf.py", "PROVIDES = ['shelf']\nshelf = 1\n")
        self.commit("one")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            with self.subTest(number):
                process = self.start("check", "--rev", "one", "--timeout", "60")
                folder = self.wait_for(lambda: [name for name in os.listdir(self.temporary)
                                                if name.startswith("proctor-fixtures-")])
                process.send_signal(number)
                process.communicate()
                self.wait_for(lambda: folder[0] not in os.listdir(self.temporary))
                for left in os.listdir(self.temporary):  # of the workers, where it was killed
                    shutil.rmtree(self.path(f".temporary/{left}"), ignore_errors=True)

    def wait_for(self, condition):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            time.sleep(0.01)
        raise AssertionError("it never came")

    def test_bare_repository(self):
        self.write("docs/notes.md", block("print(len(shelf))  # 2"))
        self.write("fixtures/shelf.py", SHELF.format(count=2))
        self.write("fixtures/helper.py", HELPER)
        self.commit("one")
        bare = os.path.join(self.cache, "bank.git")
        self.git("clone", "--quiet", "--bare", self.folder, bare)
        for path in ("docs", "docs/notes.md", "."):
            with self.subTest(path):
                result = self.proctor("check", "--rev", "main", path, expect=0, cwd=bare)
                self.assertIn("1 block: 1 verified", result.stdout)
        result = self.proctor("list", "--rev", "main", expect=0, cwd=bare)
        self.assertIn("docs/notes.md:2", result.stdout)
        self.assertNotIn(bare, result.stdout)
        result = self.proctor("check", "--rev", "main", "gone", expect=2, cwd=bare)
        self.assertIn("gone: not in main", result.stderr)

    def test_links(self):
        self.write("docs/notes.md", block("print(1)  # 1"))
        os.symlink("docs/notes.md", self.path("link.md"))
        os.symlink("docs", self.path("linked"))
        os.symlink("gone.md", self.path("nowhere.md"))
        os.symlink("loop.md", self.path("loop.md"))
        os.symlink("/etc/hostname", self.path("out.md"))
        self.write("bank.yaml", CONFIG.replace("notes.md", "linked/notes.md").format(
            name="top.1", reason="by its link"))
        self.commit("one")
        for name in ("link.md", "linked", "nowhere.md", "loop.md", "out.md"):
            os.remove(self.path(name))
        self.write("link.md", block("print(1)  # 7"))
        self.assertEqual(self.classes_at("one", "link.md"), ["skipped"])
        self.assertEqual(self.classes_at("one", "linked"), ["skipped"])
        self.assertEqual(self.classes_at("one", "docs"), ["skipped"])
        result = self.proctor("check", "--rev", "one", expect=3)
        self.assertIn("nowhere.md", result.stdout)
        self.assertIn("loop.md", result.stdout)
        self.assertIn("out.md", result.stdout)
        self.assertIn("1 block:", result.stdout)

    def test_what_stands_in_the_way(self):
        """A folder where the revision has a file, and the other way round."""
        self.write("a.md", block("print(1)  # 1"))
        self.write("b/c.md", block("print(1)  # 1"))
        self.commit("one")
        os.remove(self.path("a.md"))
        self.write("a.md/x.md", block("print(1)  # 7"))
        shutil.rmtree(self.path("b"))
        self.write("b", "no folder\n")
        self.assertEqual(self.verdicts("--rev", "one"),
                         {"a/top.1": "verified", "b/c/top.1": "verified"})
        self.assertEqual(self.classes_at("one", "a.md"), ["verified"])
        self.assertEqual(self.classes_at("one", "b"), ["verified"])

    def test_renamed_folder(self):
        self.write("old/notes.md", block("print(5)"))
        (snippet,) = self.check()["snippets"]
        self.write("expected/old/notes/top.1.txt",
                   EXPECTED.format(id=snippet["content_id"], text="5"))
        self.commit("one")
        self.git("mv", "old", "new")
        self.commit("two")
        self.assertEqual(self.classes_at("one", "old"), ["verified"])
        self.assertEqual(self.classes_at("two", "new"), ["verified"])
        self.proctor("check", "--rev", "two", "old", expect=2)
        self.proctor("check", "--rev", "one", "new", expect=2)

    def test_the_index(self):
        self.write("notes.md", block("print(1)  # 1"))
        self.commit("one")
        self.write("notes.md", block("print(1)  # 2"))
        self.git("add", "notes.md")
        self.write("notes.md", block("print(1)  # 3"))
        report = self.check("--staged", expect=1)
        self.assertEqual(report["snippets"][0]["claims"][0]["text"], "2")

    def test_a_revision_is_the_disk_after_checkout(self):
        """The same report from both, but for what names them."""
        self.write("docs/one.md", block("print(5)"), block("print(len(shelf))  # 2"))
        self.write("docs/two.md", block("x = 1", "print(x)  # 2"), block("print(x)  # 1"))
        ids = [each["content_id"] for each in self.check()["snippets"]]
        self.write("expected/docs/one/top.1.txt", EXPECTED.format(id=ids[0], text="5"))
        self.write("expected/docs/gone/top.1.txt", EXPECTED.format(id="0" * 40, text="5"))
        self.write("fixtures/shelf.py", SHELF.format(count=2))
        self.write("fixtures/helper.py", HELPER)
        self.commit("one")
        same = {}
        for arguments in ([], ["--rev", "one"]):
            said = self.proctor("check", "--no-cache", *arguments, expect=1).stdout
            same[len(arguments)] = [line for line in said.splitlines() if "worker" not in line]
        self.assertEqual(same[0], same[2])
        self.assertIn("no block has this expectation any more", "\n".join(same[0]))


if __name__ == "__main__":
    if shutil.which("git") is None:
        print("skipped: git is not installed")
        raise SystemExit(77)
    main()
