"""The project's own bank: every block of it is verified, on every Python that was built."""

import os
import re
import shutil

from support import PROCTOR, SOURCE, Folder, main

FOLDERS = ("examples", "expected")
PREFIX = "proctor-worker-"
PASSES = {"verified", "skipped"}
# What the bank has to show: at least so many blocks, and claims of these kinds.
DOCUMENTS = {"advanced-python": 30, "concurrency": 35, "databases": 18, "django-orm": 20,
             "python-core": 30, "rest": 18}
RULES = {"exception", "hang", "label", "literal", "named-value", "output-block", "speed", "text",
         "transcript", "truth", "value-then-prose", "verb", "works"}


def versions():
    folder = os.path.dirname(PROCTOR)
    return sorted(name[len(PREFIX):] for name in os.listdir(folder) if name.startswith(PREFIX))


def lacks_package(snippet):
    """Not every Python of a machine has the packages that a fixture needs."""
    return snippet["class"] == "needs" and re.search(r"\bneeds the module '\w+'",
                                                       snippet["reason"] or "")


class Examples(Folder):
    """Checks a copy, beside which nothing else lies."""

    def setUp(self):
        super().setUp()
        for name in FOLDERS:
            shutil.copytree(os.path.join(SOURCE, name), self.path(name))

    def files(self):
        return {os.path.join(folder, name): os.stat(os.path.join(folder, name)).st_mtime_ns
                for top in FOLDERS for folder, _, names in os.walk(self.path(top))
                for name in names}

    def test_all_is_verified_by_default(self):
        before = self.files()
        report = self.check("--strict", "examples", expect=0)
        self.assertLessEqual(set(self.classes(report)), PASSES)
        self.assertTrue(all(snippet["id"].startswith("servers/")
                            for snippet in report["snippets"] if snippet["class"] == "skipped"))
        self.assertEqual(self.files(), before)
        for document, blocks in DOCUMENTS.items():
            found = [snippet for snippet in report["snippets"]
                     if snippet["id"].startswith(document + "/")]
            self.assertGreaterEqual(len(found), blocks, document)

    def test_all_is_verified_by_each_python(self):
        found = versions()
        self.assertTrue(found)
        for version in found:
            with self.subTest(python=version):
                report = self.check("--python", version, "examples", expect=0)
                others = [snippet for snippet in report["snippets"]
                          if snippet["class"] not in PASSES and not lacks_package(snippet)]
                self.assertEqual([(snippet["id"], snippet["class"]) for snippet in others], [])

    def test_a_document_alone_is_verified_too(self):
        for document in DOCUMENTS:
            self.check("--strict", f"examples/{document}.md", expect=0)

    def test_it_shows_every_kind_of_claim(self):
        report = self.check("examples", expect=0)
        rules = {claim["rule"] for snippet in report["snippets"] for claim in snippet["claims"]}
        self.assertLessEqual(RULES, rules)
        self.assertNotIn(False, [claim["holds"] for snippet in report["snippets"]
                                 for claim in snippet["claims"]])

    def test_a_deadlock_does_not_wait_for_its_time_limit(self):
        report = self.check("--timeout", "60", "examples/concurrency.md", expect=0)
        stuck = [snippet for snippet in report["snippets"]
                 if any(claim["rule"] == "hang" for claim in snippet["claims"])]
        self.assertGreaterEqual(len(stuck), 7)
        for snippet in stuck:
            self.assertRegex(snippet["outcome"], "^(deadlocks|never ends)")


if __name__ == "__main__":
    main()
