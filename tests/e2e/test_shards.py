"""proctor check --shard and proctor merge: the parts are the whole, and nothing else is."""

import copy
import json
import os
import signal

import jsonschema

from gitted import Gitted
from support import SCHEMA, Folder, block, main

with open(SCHEMA, encoding="utf-8") as file:
    VALIDATOR = jsonschema.Draft7Validator(json.load(file))

COUNT = 4
# Times, and what depends on who ran first.
HOW_IT_WAS_RUN = {"seconds", "timing", "gil", "known"}


def without_times(value):
    if isinstance(value, dict):
        return {name: without_times(each) for name, each in value.items()
                if name not in HOW_IT_WAS_RUN}
    if isinstance(value, list):
        return [without_times(each) for each in value]
    return value


class Shards(Folder):
    def bank(self):
        for letter in "abcde":
            self.write(f"docs/{letter}.md", f"# {letter}\n\n", *[
                f"## {number}. Question\n\n" + block(
                    f"value_{letter}{number} = {number}", f"print({number} * 2)  # {number * 2}")
                for number in (1, 2, 3, 5)],
                "## 6. Goes on\n\n", block(f"print(value_{letter}5)  # 5"),
                "## 7. Unanswered\n\n## 8. Wrong\n\n", block("print(1)  # 2"))
        self.write("docs/f.md", "# f\n\n", block("print(len(shelf))  # 1"),
                   block("print(shelf)  # ['a']"), block("print(shelf)  # ['b']"),
                   "```python\nnever = 'closed'\n")
        self.write("fixtures/shelf.py", '''PROVIDES = ["shelf"]
VARIANTS = {"one": "", "other": ""}


def setup(variant):
    return {"shelf": ["a" if variant == "one" else "b"]}
''')
        self.write("expected/docs/a/1.1.txt", "---\nsnippet: 0000000\n")
        os.symlink("nowhere", self.path("docs/dangling.md"))

    def shard(self, index, count=COUNT, name=None, *more, results="results.sqlite"):
        name = name or f"shard-{index}.json"
        return self.start("check", "--shard", f"{index}/{count}", "--json", name, "--results",
                          results, *more, "docs"), name

    def shards(self, count=COUNT, *more, **options):
        """All of them, at the same time."""
        started = [self.shard(index + 1, count, None, *more, **options) for index in range(count)]
        for process, _ in started:
            with process:
                _, stderr = process.communicate(timeout=60)
                self.assertIn(process.returncode, (0, 1, 3), stderr)
        return [name for _, name in started]

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            report = json.load(file)
        VALIDATOR.validate(report)
        return report

    def put(self, name, report):
        self.write(name, json.dumps(report))
        return name

    def merged(self, names):
        result = self.proctor("merge", "--json", "merged.json", *names)
        return result, self.read("merged.json")

    def refused(self, names, *words):
        result = self.proctor("merge", "--json", "merged.json", *names, expect=2)
        self.assertEqual(result.stdout, "")
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)
        self.assertFalse(os.path.exists(self.path("merged.json")))


class Changed(Shards, Gitted):
    def test_parts_of_what_changed(self):
        self.bank()
        self.commit("one")
        for letter in "abc":
            path = self.path(f"docs/{letter}.md")
            with open(path, encoding="utf-8") as file:
                text = file.read()
            self.write(f"docs/{letter}.md", text.replace("print(4)", "print(2 + 2)").replace(
                "print(2 * 2)", "print(2 + 2)").replace("print(3 * 2)", "print(3 + 3)"))
        self.proctor("check", "--since", "HEAD", "--json", "single.json", "docs")
        whole = self.read("single.json")
        self.assertIn(whole["blocks"], range(6, 20))
        _, merged = self.merged(self.shards(3, "--since", "HEAD"))
        self.assertEqual(without_times(merged), without_times(whole))


class Splitting(Shards):
    def test_bad_values(self):
        self.write("docs/a.md", block("pass"))
        for value in ("0/4", "5/4", "x", "1/0", "", "1/4/2"):
            result = self.proctor("check", "--shard", value, "docs", expect=2)
            self.assertIn("--shard", result.stderr)
            self.assertEqual(result.stdout, "")

    def test_each_block_is_in_one_shard_and_what_it_says_is_told(self):
        self.bank()
        whole = json.loads(self.proctor("list", "--json", "-", "docs").stdout)
        ids = []
        for name in self.shards():
            report = self.read(name)
            self.assertEqual(report["left_out"] + report["blocks"], 34)
            self.assertGreater(report["blocks"], 3)
            ids += [snippet["id"] for snippet in report["snippets"]]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual(len(ids), 34)
        self.assertTrue(whole)
        result = self.proctor("check", "--shard", "2/4", "--results", "results.sqlite", "docs")
        self.assertIn(" of 34 blocks in shard 2/4", result.stdout)

    def test_they_are_split_by_what_they_took(self):
        for index in range(8):
            self.write(f"docs/{index}.md", block(
                "import time", f"time.sleep(float('{0.3 if index < 2 else 0}'))"))
        self.proctor("check", "--results", "results.sqlite", "docs", expect=0)
        one, other = (self.read(name) for name in self.shards(2))
        for report in (one, other):
            slow = [each["id"] for each in report["snippets"] if each["id"] in ("0/top.1", "1/top.1")]
            self.assertEqual(len(slow), 1, report["snippets"])

    def test_the_same_everywhere_where_nothing_is_known(self):
        self.bank()
        first = [self.read(name)["shard"] for name in self.shards(results="one.sqlite")]
        again = [self.read(name)["shard"] for name in self.shards(results="other.sqlite")]
        self.assertEqual(first, again)

    def test_there_may_be_more_shards_than_blocks(self):
        self.write("docs/a.md", block("print(1)  # 1"))
        names = self.shards(3)
        self.assertEqual(sorted(self.read(name)["blocks"] for name in names), [0, 0, 1])
        result, merged = self.merged(names)
        self.assertEqual((result.returncode, merged["blocks"]), (0, 1))

    def test_no_blocks_at_all(self):
        self.write("docs/a.md", "prose\n")
        self.proctor("check", "--shard", "1/2", "--json", "shard-1.json", "docs", expect=4)
        self.proctor("check", "--shard", "2/2", "--json", "shard-2.json", "docs", expect=4)
        result, _ = self.merged(["shard-1.json", "shard-2.json"])
        self.assertEqual(result.returncode, 4)


class Merging(Shards):
    def test_the_merged_report_is_that_of_a_single_check(self):
        self.bank()
        single = self.proctor("check", "--json", "single.json", "docs")
        whole = self.read("single.json")
        self.assertGreater(whole["ledger"]["false"], 4)
        self.assertTrue(whole["problems"] and whole["remarks"] and whole["fixtures"])
        self.assertTrue(whole["health"]["notes"])
        self.assertEqual([each["variant"] for each in whole["fixtures"]], ["one", "other"])
        result, merged = self.merged(reversed(self.shards()))
        self.assertEqual(without_times(merged), without_times(whole))
        self.assertEqual(list(merged), list(whole))
        self.assertEqual(result.returncode, single.returncode)
        # The last lines are the same, too, but for how long it took.
        lines = result.stdout.splitlines()
        self.assertEqual(lines[:-1], single.stdout.splitlines()[-len(lines):-1])
        self.assertRegex(lines[-1], r"for the longest of 4 shards, Python 3|nothing was run")

    def test_known_results_merge_as_well(self):
        self.bank()
        self.proctor("check", "--json", "single.json", "--results", "results.sqlite", "docs")
        _, merged = self.merged(self.shards())
        self.assertEqual(without_times(merged), without_times(self.read("single.json")))
        self.assertGreater(merged["known"], 30)

    def test_exit_codes(self):
        self.write("docs/a.md", block("print(1)  # 1"))
        self.write("docs/b.md", block("print(2)"))
        names = self.shards(2)
        self.assertEqual(self.merged(names)[0].returncode, 0)
        strict = self.shards(2, "--strict")
        self.assertEqual(self.merged(strict)[0].returncode, 1)
        self.proctor("check", "--strict", "docs", expect=1)

    def test_to_standard_output(self):
        self.write("docs/a.md", block("print(1)  # 1"))
        result = self.proctor("merge", "--json", "-", *self.shards(2), expect=0)
        self.assertEqual(json.loads(result.stdout)["blocks"], 1)
        self.assertIn("1 block: 1 verified", result.stderr)


    def test_results_are_joined(self):
        self.bank()
        for index in (1, 2):
            process, _ = self.shard(index, 2, results=f"results-{index}.sqlite")
            process.communicate(timeout=60)
        names = ["shard-1.json", "shard-2.json"]
        self.write("bad.sqlite", b"no results at all")
        result = self.proctor("merge", "--results", "all.sqlite", "--kept", "results-1.sqlite",
                              "--kept", "bad.sqlite", "--kept", "nowhere.sqlite",
                              "--kept", "results-2.sqlite", *names)
        self.assertEqual(result.stderr.count("proctor: "), 2, result.stderr)
        self.assertIn("nothing was run", self.proctor("check", "--results", "all.sqlite",
                                                      "docs").stdout)
        self.proctor("merge", "--results", "all.sqlite", *names, expect=2)


class Refusing(Shards):
    def setUp(self):
        super().setUp()
        for letter in "abcdefgh":
            self.write(f"docs/{letter}.md", f"# {letter}\n\n", *[
                block(f"print({number}, '{letter}')  # {number} {letter}")
                for number in range(3)])
        self.names = self.shards()
        self.reports = [self.read(name) for name in self.names]

    def with_changed(self, index, change):
        """The names, of which one is of a report that was changed."""
        report = copy.deepcopy(self.reports[index])
        change(report)
        return [self.put("changed.json", report) if place == index else name
                for place, name in enumerate(self.names)]

    def test_all_is_well_without_tricks(self):
        self.assertEqual(self.merged(self.names)[0].returncode, 0)

    def test_no_reports(self):
        self.refused([], "name the reports")

    def test_a_missing_one(self):
        self.refused(self.names[:2] + self.names[3:], "shard 3/4 is missing")
        self.refused(self.names[1:2], "shards 1/4, 3/4 and 4/4 are missing")

    def test_a_file_that_is_missing(self):
        self.refused(self.names[:3] + ["nowhere.json"], "nowhere.json")

    def test_one_that_is_nested_too_deep(self):
        self.write("deep.json", "[" * 100000)
        self.refused([*self.names[:3], "deep.json"], "'deep.json' is damaged", "too deep")

    def test_members_that_are_something_else(self):
        for name, value, words in (("seconds", [[]], "a time"),
                                   ("left_out", 1e308, "a whole number"),
                                   ("health", [1], "an object"), ("problems", None, "a list")):
            with self.subTest(name):
                self.refused(self.with_changed(1, lambda report: report.update({name: value})),
                             f"proctor: 'changed.json' is damaged: its '{name}' is not {words}\n")
            with self.subTest(f"no {name}"):
                self.refused(self.with_changed(1, lambda report: report.pop(name)),
                             f"its '{name}' is not {words}\n")
        for name in self.reports[0]["snippets"][0]:
            with self.subTest(f"snippets: {name}"):
                names = self.with_changed(0, lambda report: report["snippets"][0].update(
                    {name: [1]}))
                result = self.proctor("merge", "--json", "-", *names)
                self.assertNotIn("CRITICAL", result.stderr)
                self.assertIn(result.returncode, (0, 2), result)

    def test_a_doubled_one(self):
        self.refused(self.names + self.names[1:2], "shard 2/4 is there twice", "shard-2.json")
        other = self.put("copy.json", self.reports[1])
        self.refused([self.names[0], self.names[1], other, self.names[3]], "twice", "copy.json")

    def test_one_of_another_number_of_shards(self):
        _, name = started = self.shard(2, 3, "of-three.json")
        started[0].communicate(timeout=60)
        self.refused([self.names[0], name, *self.names[2:]], "of-three.json", "2/3", "1/4")

    def test_one_of_another_bank(self):
        for change in (lambda: self.write("docs/a.md", block("print(7)  # 7")),
                       lambda: self.write("bank.yaml", "timeout: 5\n")):
            change()
            process, name = self.shard(3, 4, "foreign.json")
            process.communicate(timeout=60)
            self.refused([*self.names[:2], name, self.names[3]], "foreign.json", "another bank")

    def test_one_with_other_options(self):
        process, name = self.shard(3, 4, "foreign.json", "--timeout", "7")
        process.communicate(timeout=60)
        self.refused([*self.names[:2], name, self.names[3]], "foreign.json", "another bank")

    def test_one_with_another_expectation(self):
        self.proctor("accept", "docs/a.md", "--expected", "expected", expect=0)
        process, name = self.shard(3, 4, "foreign.json")
        process.communicate(timeout=60)
        self.refused([*self.names[:2], name, self.names[3]], "foreign.json", "another bank")

    def test_one_that_was_split_otherwise(self):
        def change(report):
            report["shard"]["split"] = "0" * 64
        self.refused(self.with_changed(2, change), "changed.json", "split otherwise")

    def test_another_python(self):
        def change(report):
            report["python"] = "3.9.99"
        self.refused(self.with_changed(2, change), "changed.json", "3.9.99")

    def test_another_proctor(self):
        def change(report):
            report["proctor"] = "0.0.1"
        self.refused(self.with_changed(2, change), "changed.json", "0.0.1")

    def test_strict_and_not(self):
        process, name = self.shard(3, 4, "strict.json", "--strict")
        process.communicate(timeout=60)
        self.refused([*self.names[:2], name, self.names[3]], "strict.json", "--strict")

    def test_an_interrupted_one(self):
        fifo = self.path("reached")
        os.mkfifo(fifo)
        for letter in "abcdefgh":
            self.write(f"docs/{letter}.md", block(
                "import time", f"open({fifo!r}, 'w').close()", "time.sleep(60)"))
        process, name = self.shard(1, 4, "interrupted.json", "--timeout", "60")
        with open(fifo, encoding="utf-8"):
            pass  # a block has opened it
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 3)
        self.refused([name, *self.names[1:]], "interrupted.json", "1/4", "interrupted")

    def test_one_of_a_whole_bank(self):
        self.proctor("check", "--json", "whole.json", "docs")
        self.refused([*self.names[:3], "whole.json"], "whole.json", "not the report of a shard")
        self.refused(["whole.json"], "whole.json", "not the report of a shard")

    def test_damaged_ones(self):
        with open(self.path(self.names[1]), "rb") as file:
            good = file.read()
        for bad in (b"", b"{", good[:-20], good[:len(good) // 2], b"[]", b"null", b"7",
                    b"{}", b"\xff\xfe\x00", good.replace(b'"snippets"', b'"snippet"', 1),
                    good.replace(b'"class": "', b'"class": "x'),
                    good.replace(b'"class":"', b'"class":"x')):
            if bad == good:
                continue
            self.write("bad.json", bad)
            self.refused([self.names[0], "bad.json", *self.names[2:]], "bad.json")

    def test_members_of_other_types_are_refused_and_crash_nothing(self):
        for member in self.reports[1]:
            for other in (None, 7, -1, "text", [], [7], {}, {"index": 1}, True, 1e300):
                def change(report):
                    report[member] = other
                names = self.with_changed(1, change)
                result = self.proctor("merge", *names)
                self.assertIn(result.returncode, (0, 1, 2), (member, other, result))
                if result.returncode == 2:
                    self.assertNotIn("CRITICAL", result.stderr)
        for member in self.reports[1]["shard"]:
            for other in (None, 7, -1, "text", [], ["x"], {}, True):
                def change(report):
                    report["shard"][member] = other
                result = self.proctor("merge", *self.with_changed(1, change))
                self.assertIn(result.returncode, (0, 2), (member, other, result))
                self.assertNotIn("CRITICAL", result.stderr)

    def test_a_snippet_left_out(self):
        def change(report):
            del report["snippets"][1]
        self.refused(self.with_changed(1, change), "changed.json", "changed after", "2/4")

    def test_a_snippet_left_out_with_its_place(self):
        def change(report):
            del report["snippets"][1]
            del report["shard"]["places"][1]
            report["blocks"] -= 1
            report["ledger"]["verified"] -= 1
            report["claims"]["hold"] -= 1
        self.refused(self.with_changed(1, change), "changed.json", "changed after")

    def test_a_snippet_of_another_shard(self):
        def change(report):
            report["snippets"][1] = self.reports[0]["snippets"][0]
        self.refused(self.with_changed(1, change), "changed.json", "changed after")

    def test_a_snippet_twice(self):
        def change(report):
            report["snippets"][1] = report["snippets"][0]
        self.refused(self.with_changed(1, change), "changed.json")

    def test_a_verdict_that_was_changed_alone(self):
        def change(report):
            report["snippets"][1]["class"] = "false"
        self.refused(self.with_changed(1, change), "changed.json", "counts")

    def test_one_that_calls_itself_another(self):
        def change(report):
            report["shard"]["index"] = 3
        names = self.with_changed(1, change)
        self.refused([names[0], names[1], names[3]], "changed.json")


if __name__ == "__main__":
    main()
