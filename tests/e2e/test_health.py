"""What is still to write: on the terminal, in `list`, and in JSON."""

import json
import os

import jsonschema

from support import BANKS, SCHEMA, Folder, block, main

INTERVIEW = os.path.join(BANKS, "user", "interview-questions.md")
EXAMPLES = os.path.join(os.path.dirname(SCHEMA), "..", "..", "examples")

with open(SCHEMA, encoding="utf-8") as file:
    VALIDATOR = jsonschema.Draft7Validator(json.load(file))

SICK = ["# All\n\n## Core\n\n### 1. What?\n\nSo.\n\n", block("print(1)  # 1"),
        "### 2. Why?\n\n### 4. How?\n\nSo.\n\n### 4. When?\n\nSo:\n        x = 1\n        print(x)\n\n",
        "## Web\n\n### 1. Who?\n\nThey.\n\n## Later\n\n1. What is REST?\n2. Caches\n3. What is CORS?\n"]


class Health(Folder):
    def health(self, *paths):
        report = self.check(*paths)
        VALIDATOR.validate(report)
        return report["health"]

    def test_a_bank_with_nothing_to_tell_says_nothing(self):
        self.write("lesson.md", "# All\n\n## 1. What?\n\nSo.\n\n", block("print(1)  # 1"),
                   "## 2. Why?\n\nSo.\n")
        result = self.proctor("check", "lesson.md", expect=0)
        self.assertEqual(result.stdout.splitlines()[:2],
                         ["1 block: 1 verified", "1 claim: 1 holds"])
        self.assertEqual(len(result.stdout.splitlines()), 3)

    def test_the_terminal_says_what_is_to_write(self):
        self.write("lesson.md", *SICK)
        lines = self.proctor("check", "lesson.md", expect=0).stdout.splitlines()
        self.assertIn("to write: 4 questions without an answer (lesson.md:13, :33)", lines)
        self.assertIn("numbers: 1 missing (before lesson.md:15), 1 used twice (lesson.md:19)", lines)

    def test_health_never_decides_the_exit_code(self):
        self.write("lesson.md", "# All\n\n## 1. What?\n\n## 3. Why?\n\n", block("print(1)  # 1"))
        self.proctor("check", "--strict", "lesson.md", expect=0)

    def test_the_report_for_programs(self):
        self.write("lesson.md", *SICK)
        health = self.health("lesson.md")
        self.assertEqual((health["questions"], health["snippets"]), (8, 2))
        self.assertEqual(health["counts"], {"no-answer": 4, "no-snippet": 2, "gap": 1, "double": 1,
                                            "not-rendered": 1, "no-check": 1})
        self.assertEqual([(note["kind"], note["line"], note["count"]) for note in health["notes"]],
                         [("no-answer", 13, 1), ("no-snippet", 15, 1), ("gap", 15, 1),
                          ("double", 19, 1), ("not-rendered", 22, 1), ("no-snippet", 27, 1),
                          ("no-answer", 33, 3)])
        self.assertEqual([(section["title"], section["questions"], section["snippets"],
                           section["classes"]) for section in health["sections"]],
                         [("Core", 4, 2, {"verified": 1, "ran": 1}), ("Web", 1, 0, {}),
                          ("Later", 3, 0, {})])
        for kind, count in health["counts"].items():
            self.assertEqual(count, sum(each["counts"][kind] for each in health["sections"]))

    def test_a_list_ends_with_a_table_of_sections(self):
        self.write("lesson.md", *SICK)
        result = self.proctor("list", "--json", "list.json", "lesson.md", expect=0)
        table = result.stdout.split("\n\n")[2].splitlines()
        self.assertEqual([line.split() for line in table], [
            ["lesson.md", "questions", "no", "answer", "no", "snippet", "blocks"],
            ["Core", "4", "1", "1", "2"], ["Web", "1", "-", "1", "-"], ["Later", "3", "3", "-", "-"]])
        self.assertEqual({line.rindex(line.split()[-1]) + len(line.split()[-1]) for line in table},
                         {len(table[0])})
        with open(self.path("list.json"), encoding="utf-8") as file:
            health = json.load(file)["health"]
        self.assertEqual(health["counts"]["no-answer"], 4)
        self.assertEqual(health["counts"]["no-check"], 0)

    def test_a_part_of_a_bank_says_nothing_of_the_rest(self):
        self.write("lesson.md", *SICK)
        result = self.proctor("check", "--shard", "1/2", "lesson.md")
        self.assertNotIn("to write", result.stdout)

    def test_the_interview_questions(self):
        if not os.path.exists(INTERVIEW):
            self.skipTest(f"skipped: {INTERVIEW} is absent")
        result = self.proctor("list", "--json", "list.json", INTERVIEW, expect=0)
        with open(self.path("list.json"), encoding="utf-8") as file:
            health = json.load(file)["health"]
        self.assertEqual(health["questions"], 388)
        self.assertEqual(health["counts"], {"no-answer": 335, "no-snippet": 25, "gap": 25,
                                            "double": 4, "not-rendered": 6, "no-check": 0})
        gaps = [(note["line"], note["count"]) for note in health["notes"] if note["kind"] == "gap"]
        self.assertEqual(gaps, [(40, 1), (130, 3), (246, 1), (264, 2), (296, 1), (304, 2), (321, 5),
                                (374, 1), (436, 1), (447, 3), (460, 2), (554, 1), (673, 2)])
        self.assertIn("335 questions without an answer", result.stdout)

    def test_other_banks_have_no_false_alarms(self):
        for bank in ["practical-python", "wilfredinni", "wtfpython"]:
            path = os.path.join(BANKS, bank)
            if not os.path.exists(path):
                self.skipTest(f"skipped: {path} is absent")
            self.proctor("list", "--json", "list.json", path, expect=0)
            with open(self.path("list.json"), encoding="utf-8") as file:
                counts = json.load(file)["health"]["counts"]
            told = {kind: counts[kind] for kind in ("no-answer", "gap", "double")}
            self.assertEqual(told, {"no-answer": 0, "gap": 0, "double": 0}, bank)

    def test_our_own_bank_is_well(self):
        self.proctor("list", "--json", "list.json", EXAMPLES, expect=0)
        with open(self.path("list.json"), encoding="utf-8") as file:
            self.assertEqual(set(json.load(file)["health"]["counts"].values()), {0})


if __name__ == "__main__":
    main()
