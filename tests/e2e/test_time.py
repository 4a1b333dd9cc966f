"""proctor time: a block repeated, and what is said of it."""

import json
import os

from support import Folder, block, main


class Time(Folder):
    def test_a_person_reads_it(self):
        self.write("notes.md", block("total = sum(range(1000))"))
        result = self.proctor("time", "-n", "12", "notes.md:2", expect=0)
        lines = result.stdout.splitlines()
        self.assertRegex(lines[0], r"^notes/top\.1 \(notes\.md:2\), Python 3\.\d+\.\d+$")
        self.assertRegex(lines[1], r"^  12 runs in \d+\.\d s, one after another$")
        self.assertRegex(lines[2], r"^  wall  +[\d.]+ (s|ms|µs) ± [\d.]+ \1 \(median, ")
        self.assertRegex(lines[3], r"^ +mean [\d.]+ \w+, from [\d.]+ \w+ to [\d.]+ \w+$")
        self.assertRegex(lines[4], r"^  CPU  +[\d.]+ \w+ user, [\d.]+ \w+ system \(medians\)$")
        self.assertRegex(lines[5], r"^  memory  +[\d.]+ MiB at its peak \(median\)$")
        self.assertNotIn("#", result.stdout)

    def test_programs_read_it(self):
        self.write("notes.md", block("total = sum(range(1000))"))
        result = self.proctor("time", "-n", "3", "--json", "-", "notes.md:2", expect=0)
        timing = json.loads(result.stdout)
        self.assertIn("3 runs in", result.stderr)
        self.assertEqual((timing["id"], timing["file"], timing["line"], timing["runs"]),
                         ("notes/top.1", "notes.md", 2, 3))
        self.assertEqual(timing["outcomes"], {"finishes": 3})
        wall = timing["wall"]
        self.assertEqual(len(wall["samples"]), 3)
        self.assertEqual(wall["median"], sorted(wall["samples"])[1])
        self.assertEqual((wall["min"], wall["max"]), (min(wall["samples"]), max(wall["samples"])))
        self.proctor("time", "-n", "2", "--json", "time.json", "notes.md:2", expect=0)
        with open(self.path("time.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["runs"], 2)

    def test_at_least_ten_runs(self):
        self.write("notes.md", block("import time", "time.sleep(0.31)"))
        result = self.proctor("time", "--json", "-", "notes.md:2", expect=0)
        timing = json.loads(result.stdout)
        self.assertGreaterEqual(timing["runs"], 10)
        self.assertGreaterEqual(timing["wall"]["min"], 0.31)

    def test_earlier_blocks_run_where_they_are_needed(self):
        self.write("notes.md", "# 1. Names\n\n", block("base = 20"), block("total = base + 1"))
        result = self.proctor("time", "-n", "2", "notes.md:8", expect=0)
        self.assertIn("each after 1 earlier block, whose time counts, too\n", result.stdout)
        self.assertNotIn("outcome", result.stdout)

    def test_an_outcome_that_varies(self):
        flag = self.path("flag")
        self.write("notes.md", block("import os", f"path = {flag!r}", "if os.path.exists(path):",
                                     "    os.remove(path)", "    raise ValueError",
                                     "open(path, 'w').close()"))
        result = self.proctor("time", "-n", "4", "notes.md:2", expect=0)
        self.assertIn("  outcome   raises ValueError (2), finishes (2): it varies\n",
                      result.stdout)
        if os.path.exists(flag):
            os.remove(flag)

    def test_what_never_ends_has_no_time(self):
        self.write("notes.md", block("while True:", "    pass"))
        result = self.proctor("time", "--timeout", "0.2", "notes.md:2", expect=1)
        self.assertIn("proctor: nothing to time: stopped: ran longer than", result.stderr)

    def test_usage(self):
        self.write("notes.md", block("pass"))
        for arguments, said in [([], "which block?"), (["missing"], "missing"),
                                (["-n", "-1", "notes.md:2"], "-n takes a number"),
                                (["--timeout", "0", "notes.md:2"], "--timeout takes seconds")]:
            with self.subTest(arguments=arguments):
                result = self.proctor("time", *arguments, expect=2)
                self.assertIn(said, result.stderr)
                self.assertEqual(result.stdout, "")


if __name__ == "__main__":
    main()
