"""proctor diff: what changed in behaviour between two versions."""

import json
import os
import signal

import jsonschema

from gitted import Gitted
from support import SOURCE, block, main

with open(os.path.join(SOURCE, "harness", "report", "diff.schema.json"), encoding="utf-8") as schema:
    VALIDATOR = jsonschema.Draft7Validator(json.load(schema))


class Diff(Gitted):
    def bank(self, *blocks, tag=None, titles="ABCDEF"):
        """One question for each block, a text or a list of lines."""
        text = "# Bank\n\n"
        for number, lines in enumerate(blocks, 1):
            lines = lines.split("\n") if isinstance(lines, str) else lines
            text += f"## {number}. Question {titles[number - 1]}\n\n" + block(*lines)
        self.write("bank.md", text)
        if tag is not None:
            self.commit(tag)

    def diff(self, *arguments, expect=None):
        """The report as it reads from --json, and what a person sees."""
        result = self.proctor("diff", "--json", "-", *arguments, expect=expect)
        report = json.loads(result.stdout)
        VALIDATOR.validate(report)
        return report, result.stderr

    def test_the_schema_is_one(self):
        jsonschema.Draft7Validator.check_schema(VALIDATOR.schema)

    def test_nothing_behaves_otherwise(self):
        self.bank("print(1)  # 1", "print(2)", tag="v1")
        self.write("bank.md", "# Bank\n\n## 1. A\n\nMore.\n\n", block("print(1)  # 1"),
                   "## 2. B\n\n", block("print(2)"))
        report, text = self.diff("v1", expect=0)
        self.assertEqual(report["snippets"], [])
        self.assertEqual(report["runs"], 0)
        self.assertIn("2 blocks; 0 compared\nnothing behaves otherwise\nnothing was run, ", text)

    def test_another_output(self):
        self.bank("print('one')\nprint('end')", tag="v1")
        self.bank("print('two')\nprint('end')", tag="v2")
        report, text = self.diff("v1..v2", expect=0)
        self.assertIn("bank.md:6: another output\n    @@ -1,2 +1,2 @@\n    -one\n    +two\n     end\n",
                      text)
        only = report["snippets"][0]
        self.assertEqual(only["news"], ["output"])
        self.assertEqual(only["output_diff"], "@@ -1,2 +1,2 @@\n-one\n+two\n end\n")
        self.assertEqual(report["before"]["commit"], self.git("rev-parse", "v1"))
        self.assertEqual(report["after"]["name"], f"v2 ({self.short('v2')})")

    def test_what_refactoring_leaves_as_it_was(self):
        self.bank("a = [x for x in range(3)]\nprint(a)  # [0, 1, 2]", tag="v1")
        self.bank("a = list(range(3))\nprint(a)  # [0, 1, 2]", tag="v2")
        report, _ = self.diff("v1..v2", expect=0)
        self.assertEqual(report["counts"]["compared"], 1)
        self.assertEqual(report["snippets"][0]["news"], [])

    def test_claims_that_became_false_and_true(self):
        self.bank("print(1 + 1)  # 2", "print(3)  # 4", tag="v1")
        self.bank("print(1 + 1)  # 3", "print(3)  # 3", tag="v2")
        report, text = self.diff("v1..v2", expect=1)
        self.assertIn("bank.md:6: became false: says '3', printed 2\n    print(1 + 1)  # 3\n", text)
        self.assertIn("bank.md:12: became true: '3'\n", text)
        self.assertEqual([each["worse"] for each in report["snippets"]], [True, False])
        self.diff("v2..v1", expect=1)

    def test_a_claim_that_was_false_before_is_nobodys_news(self):
        self.bank("print(1)  # 2", tag="v1")
        self.bank("# A remark.\nprint(1)  # 2", tag="v2")
        report, _ = self.diff("v1..v2", expect=0)
        self.assertEqual(report["counts"]["worse"], 0)

    def test_how_it_ends(self):
        self.bank("raise ValueError('a')", "d = {}\nprint(d)", "import os\nprint(2)", tag="v1")
        self.bank("raise TypeError('a')", "d = {}\nprint(d['b'])", "import os\nprint(2)\nos.abort()",
                  tag="v2")
        _, text = self.diff("v1..v2", expect=1)
        self.assertIn("bank.md:6: raises TypeError: a, before: raises ValueError: a\n", text)
        self.assertIn(": raised, was ran: KeyError: 'b'\n", text)
        self.assertIn(": crashed, was ran: killed by SIGABRT\n", text)

    def test_what_varies_is_not_reported(self):
        varying = ["import time, random", "print(time.perf_counter_ns(), random.random(), object())",
                   "print({str(i) for i in range(20)})"]
        self.bank(varying, tag="v1")
        self.bank([*varying, "# edited"], tag="v2")
        report, text = self.diff("v1..v2", expect=0)
        self.assertEqual(report["snippets"][0]["news"], [], text)
        self.assertTrue(report["snippets"][0]["varies"])
        self.bank([*varying, "print('more')"], tag="v3")
        report, text = self.diff("v1..v3", expect=0)
        self.assertEqual(report["snippets"][0]["news"], ["output"], text)
        self.assertIn("+more\n", report["snippets"][0]["output_diff"])

    def test_what_varies_is_not_even_run_where_nothing_changed(self):
        self.bank("import time", "print(time.time())", tag="v1")
        with open(self.path("bank.md"), encoding="utf-8") as file:
            text = file.read()
        self.write("bank.md", "Prose.\n\n", text)
        self.commit("v2")
        report, _ = self.diff("--no-cache", "v1..v2", expect=0)
        self.assertEqual(report["runs"], 0)

    def test_an_earlier_block_decides(self):
        self.write("bank.md", "# One\n\n", block("x = 1"), block("print(x)"))
        self.commit("v1")
        self.write("bank.md", "# One\n\n", block("x = 2"), block("print(x)"))
        _, text = self.diff("v1", expect=0)
        self.assertIn("another output (its earlier blocks changed)\n", text)

    def test_a_fixture_decides(self):
        shelf = 'PROVIDES = ["shelf"]\n\ndef setup(variant):\n    return {{"shelf": {}}}\n'
        self.write("fixtures/shelf.py", shelf.format([1]))
        self.bank("print(len(shelf))  # 1", tag="v1")
        self.write("fixtures/shelf.py", shelf.format([1, 2]))
        self.commit("v2")
        report, text = self.diff("v1..v2")
        self.assertEqual(report["snippets"][0]["because"], "its fixture changed")
        self.assertIn("    -1\n    +2\n", text)

    def test_an_expectation_and_settings(self):
        self.bank("print(1)", "print(2)", tag="v1")
        self.proctor("accept", "bank.md:6", expect=0)
        self.write("bank.yaml", "documents:\n  bank.md:\n    snippets:\n      2.1: {skip: later}\n")
        report, text = self.diff(expect=0)
        self.assertIn("verified, was ran (its expectation changed)\n", text)
        self.assertIn("skipped, was ran: later (its settings changed)\n", text)
        self.assertEqual(report["after"], {"name": "the disk", "commit": None, "blocks": 2})

    def test_added_removed_moved_and_renumbered(self):
        one, two, three = "print('the first')", "print('second one')", "x = {'third': 3}\nprint(x)"
        self.bank(one, two, three, tag="v1")
        self.bank("print(1)  # 2", three, two, tag="v2", titles="XCB")
        report, text = self.diff("v1..v2", expect=1)
        counts = report["counts"]
        self.assertEqual((counts["added"], counts["removed"], counts["moved"],
                          counts["renumbered"]), (1, 1, 1, 1), text)
        self.assertIn("bank.md:6: added, and false: says '2', printed 1\n", text)
        self.assertIn("removed\n", text)
        self.assertIn(": moved from ", text)

    def test_the_whole_bank_is_new_or_gone(self):
        self.commit("empty")
        self.write("docs/a.md", block("print(1)"))
        self.commit("v1")
        report, _ = self.diff("empty..v1", "docs", expect=0)
        self.assertEqual(report["counts"]["added"], 1)
        report, _ = self.diff("v1..empty", "docs", expect=0)
        self.assertEqual(report["counts"]["removed"], 1)
        self.assertEqual(report["runs"], 0)

    def test_a_snippet_that_needs_what_is_not_there(self):
        self.bank("import no_such_module\nprint(1)", tag="v1")
        self.bank("import no_such_module\nprint(2)", tag="v2")
        _, text = self.diff("v1..v2", expect=0)
        self.assertIn("cannot be compared: needs: no_such_module", text)

    def test_a_document_of_another_name(self):
        self.write("one.md", block("print(1)  # 1"), block("print(2)  # 2"))
        self.commit("v8")
        self.git("mv", "one.md", "two.md")
        self.commit("v9")
        text = self.proctor("diff", "v8..v9", expect=0).stdout
        self.assertIn("\n./one.md is ./two.md now\n", "\n" + text)
        self.assertIn("\nnothing behaves otherwise\n", text)

    def test_earlier_blocks_that_do_not_run_before_it(self):
        self.write("fixtures/shelf.py", '"""S."""\nPROVIDES = ["shelf"]\n\n'
                                        "def setup(variant):\n    return {'shelf': [1]}\n")
        self.write("own.md", block("shelf = 5", "print(shelf)  # 5"),
                   block("import shelf_of_none") + block("print(1 if 'shelf' else shelf)  # 2"))
        self.commit("v8")
        self.write("own.md", block("shelf = 4 + 1", "print(shelf)  # 5"),
                   block("import shelf_of_none") + block("print(1 if 'shelf' else shelf)  # 2"))
        self.commit("v9")
        report = json.loads(self.proctor("diff", "--json", "-", "v8..v9", expect=0).stdout)
        self.assertEqual([each["because"] for each in report["snippets"]], ["its code changed"])

    def test_two_revisions_are_a_range(self):
        self.write("one.md", block("print(1)  # 1"))
        self.commit("v8")
        self.commit("v9")
        result = self.proctor("diff", "v8", "v9", expect=2)
        self.assertIn("compared by 'v8..v9'", result.stderr)

    def test_where_two_branches_parted(self):
        self.bank("print(1)", tag="base")
        self.git("checkout", "--quiet", "-b", "side")
        self.bank("print(2)", tag="two")
        self.git("checkout", "--quiet", "main")
        self.bank("print(3)", tag="three")
        report, text = self.diff("main...side", expect=0)
        self.assertIn("    -1\n    +2\n", text)
        self.assertIn("where main and side parted", report["before"]["name"])
        _, text = self.diff("main..side", expect=0)
        self.assertIn("    -3\n    +2\n", text)

    def test_a_slower_snippet(self):
        busy = "import time\nend = time.process_time() + {}\nwhile time.process_time() < end: pass"
        self.bank(busy.format("0.001"), tag="v1")
        self.bank(busy.format("0.3"), tag="v2")
        report, text = self.diff("v1..v2", expect=0)
        self.assertEqual(report["counts"]["slower"], 1)
        self.assertEqual(report["snippets"][0]["time"]["of"], "cpu")
        self.assertIn("slower: 0.3", text)

    def test_known_results_are_not_run_again(self):
        self.bank("print(1 + 1)  # 2", tag="v1")
        self.bank("print(2 + 0)  # 2", tag="v2")
        self.assertEqual(self.diff("v1..v2", expect=0)[0]["runs"], 2)
        self.assertEqual(self.diff("v1..v2", expect=0)[0]["runs"], 0)

    def test_markdown(self):
        self.bank("print('a|b')  # `x`", "print('```')", tag="v1")
        self.bank("print('a|c')  # `x|y`", "print('````')", tag="v2")
        result = self.proctor("diff", "--markdown", "-", "v1..v2")
        self.assertTrue(result.stdout.startswith("**proctor**: from v1 "), result.stdout)
        self.assertIn("| where | what |\n|---|---|\n", result.stdout)
        self.assertIn("\n`````diff\n", result.stdout)
        for line in result.stdout.split("\n"):
            if line.startswith("| `"):
                self.assertEqual(line.replace("\\|", "").count("|"), 3, line)

    def test_what_cannot_be_compared_at_all(self):
        self.write("notes.md", "No code.\n")
        self.commit("v1")
        self.assertIn("nothing to compare", self.proctor("diff", expect=4).stderr)
        for arguments in (["nowhere..v1"], ["v1..nowhere"], ["nowhere"], ["v1", "missing.md"],
                          ["--json", "-", "--markdown", "-"], ["--json", "no/such/folder.json"]):
            self.assertEqual(self.proctor("diff", *arguments).returncode, 2, arguments)

    def test_a_bank_that_cannot_be_read(self):
        self.bank("print(1)", tag="v1")
        self.write("bank.yaml", "documents: [\n")
        self.commit("broken")
        os.remove(self.path("bank.yaml"))
        result = self.proctor("diff", "broken", expect=2)
        self.assertIn("the bank cannot be read as it is at broken", result.stderr)

    def test_an_interrupt(self):
        self.bank("print(1)", tag="v1")
        self.bank("import os, signal, time\nprint(1)\ntime.sleep(60)", tag="v2")
        with self.start("diff", "--timeout", "60", "v1..v2") as process:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)
        self.assertIn(process.returncode, (3, -signal.SIGINT))


if __name__ == "__main__":
    main()
