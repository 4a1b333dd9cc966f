"""What is said of blocks that ran with a fixture: by check, as JSON, and by explain; and
expressions of an expectation that are true after the run."""

import json
import os

import jsonschema

from support import SCHEMA, Folder, block, main

SHELF = '''"""A shelf of books that notes who takes one."""
PROVIDES = ["shelf"]
VARIANTS = {"full": "two books stand on it", "empty": ""}

import proctor


class Shelf(list):
    def take(self):
        book = self.pop()
        proctor.event("take", f"book {book}", seconds=0.001, count=1)
        return book


@proctor.word(r"\\btakes (\\d)", "take", prose=True)
def takes(said):
    return len(said.events) == int(said.match[1]), f"it took {len(said.events)}"


@proctor.after
def is_tidy(run):
    run.check("no gap is left", holds=True, actual="none")


@proctor.shows(Shelf)
def as_set(shelf):
    return set(shelf)


def setup(variant):
    return {"shelf": Shelf(["a", "b"] if variant == "full" else [])}
'''
NOTES = ("The first line. This takes 1 of them.\n\n",
         block("a = shelf.take()  # takes 2", "b = shelf.take()", "print(len(shelf))  # 5",
               "print(1 + 1)  # 3"),
         "Another.\n\n", block("shelf  # {'b', 'a'}"))


class FixtureReports(Folder):
    def setUp(self):
        super().setUp()
        self.environment["CI"] = ""
        self.write("fixtures/shelf.py", SHELF)

    def test_what_check_says(self):
        self.write("notes.md", *NOTES)
        said = self.proctor("check", "notes.md", expect=1).stdout
        ran_with = "(fixture shelf (full) for shelf)"
        for expected in (
                f"notes.md:1: false: says 'This takes 1 of them.', but it took 2 {ran_with}\n",
                f"notes.md:4: false: says 'takes 2', but it took 1 {ran_with}\n"
                "    4 | a = shelf.take()  # takes 2\n",
                f"notes.md:7: false: says '3', printed 2 {ran_with}\n",
                "2 blocks with fixture shelf: 2 full\n"):
            self.assertIn(expected, said)
        # How many are left is the fixture's matter.
        self.assertNotIn("says '5'", said)

    def test_json(self):
        self.write("notes.md", *NOTES)
        report = self.check("notes.md", expect=1)
        with open(SCHEMA, encoding="utf-8") as file:
            jsonschema.validate(report, json.load(file))
        self.assertEqual(report["fixtures"], [
            {"name": "shelf", "variant": "full", "path": report["fixtures"][0]["path"],
             "blocks": 2, "unready": 0, "failure": None, "traceback": None}])
        first, second = report["snippets"]
        self.assertEqual(first["fixture"]["names"], ["shelf"])
        self.assertEqual([(each["kind"], each["line"], each["text"], each["seconds"],
                           each["count"]) for each in first["events"]],
                         [("take", 4, "book b", 0.001, 1), ("take", 5, "book a", 0.001, 1)])
        claims = {(each["rule"], each["line"]): each for each in first["claims"]}
        self.assertEqual(claims["literal", 6]["note"], "decided by the rows of fixture 'shelf'")
        self.assertEqual((claims["field", 1]["prose_line"], claims["field", 1]["word"]),
                         (1, "takes"))
        self.assertTrue(claims["promise", 4]["holds"])
        self.assertEqual(second["class"], "verified")
        self.assertIn(second["claims"][0]["actual"], ("{'a', 'b'}", "{'b', 'a'}"))

    def test_explain(self):
        self.write("notes.md", *NOTES)
        said = self.proctor("explain", "notes.md:4", expect=0).stdout
        for expected in (
                "  fixture    shelf (full: two books stand on it) for shelf\n",
                "     4 | take book b (count 1, 1.0 ms)\n",
                "  line 4, field: 'takes 2'\n    speaks of   line 4\n"
                "    read by     takes of fixture shelf\n    happened    'it took 1'\n"
                "    result      contradicted\n",
                "  line 4, promise: 'no gap is left'\n"):
            self.assertIn(expected, said)
        self.assertNotIn("Not read as claims", said)

    def test_explain_what_is_not_ready(self):
        self.write("notes.md", *NOTES)
        self.write("fixtures/shelf.py", SHELF.replace("return {", "return 1 / 0, {"))
        said = self.proctor("explain", "notes.md:4", expect=0).stdout
        self.assertIn("Traceback of the fixture\n", said)
        self.assertIn("ZeroDivisionError: division by zero\n", said)
        self.assertIn("Verdict: needs: ", said)

    def test_what_is_true_after_the_run(self):
        self.write("notes.md", block("a = shelf.take()", "print(a)"))
        self.proctor("accept", "notes.md", expect=0)
        (file,) = [os.path.join(folder, name) for folder, _, names in os.walk(self.path("expected"))
                   for name in names]
        with open(file, encoding="utf-8") as opened:
            accepted = opened.read()
        after = "after:\n  - shelf == ['a']\n  - len(a) == 1  # one letter\n"
        head, output = accepted.split("\n---\n", 1)
        self.write(file, head + "\n" + after + "---\n" + output)
        (snippet,) = self.check("notes.md", expect=0)["snippets"]
        self.assertEqual((snippet["class"], snippet["expectation"]), ("verified", "met"))
        self.assertIn("holds after the run: len(a) == 1",
                      self.proctor("explain", "notes.md:2").stdout)
        # Accepting other output keeps them, also where they do not hold.
        self.write("notes.md", block("a = shelf.take()", "print(a, a)", "shelf.append(a)"))
        (snippet,) = self.check("notes.md", expect=1)["snippets"]
        self.assertEqual(snippet["class"], "changed")
        self.assertIn("! shelf == ['a']: is ['a', 'b']\n", snippet["difference"])
        self.proctor("accept", "notes.md")
        with open(file, encoding="utf-8") as opened:
            accepted = opened.read()
        self.assertIn(after, accepted)
        self.assertIn("b b\n", accepted)


main()
