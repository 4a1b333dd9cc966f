"""What became of a block over runs and commits."""

import os
import re
import sqlite3

import support
from gitted import Hourly, question


class History(Hourly):
    def history(self, *arguments, expect=0, **options):
        return self.proctor("history", *arguments, expect=expect, **options).stdout

    def rows(self, text):
        """(class, bars, number of runs) of each row."""
        return [(row[0], row[1], int(row[2]))
                for row in re.findall(r"^  (\w+) +(\S+)  (\d+) runs? of", text, re.MULTILINE)]

    def test_runs_and_commits(self):
        asked = self.commit("Ask", bank=question("print(1)  # 1"))
        self.proctor("check", expect=0)
        self.proctor("check", expect=0)  # nothing is run, nothing noted
        self.proctor("check", "--no-cache", expect=0)
        self.commit("Prose", bank=question("print(1)  # 1", prose="Think."))
        slipped = self.commit("Slip", bank=question("print(1)  # 2", prose="Think."))
        text = self.history("bank/1.1")
        self.assertEqual([row[::2] for row in self.rows(text)], [("verified", 2)])
        self.assertIn("\nCommits that changed it, of 3\n", text)
        self.assertIn(f"  -          {slipped[:7]}  2023-11-15  Ada Lind: Slip; its code changed\n",
                      text)
        self.assertIn(f"  verified   {asked[:7]}  2023-11-15  Ada Lind: Ask\n", text)
        self.proctor("check", expect=1)
        text = self.history("bank/1.1")
        self.assertEqual([row[::2] for row in self.rows(text)], [("verified", 2), ("false", 1)])
        self.assertIn(f"  false      {slipped[:7]}", text)
        self.assertRegex(text, r"\n  time       median [0-9.]+ (ms|µs) \(deviation ")

    def test_it_follows_what_moves(self):
        self.commit("Ask", bank=question("print(1)  # 1"))
        self.proctor("check", expect=0)
        self.commit("Ask before", bank=question("x = 5", "print(x)  # 5") +
                    question("print(1)  # 1", number=2))
        self.git("mv", "bank.md", "moved.md")
        self.commit("Rename")
        text = self.history("moved/2.1")
        self.assertEqual([row[::2] for row in self.rows(text)], [("verified", 1)])
        self.assertEqual(text.count("Ada Lind"), 1, text)

    def entries(self):
        with sqlite3.connect(f"{self.cache}/proctor/results.sqlite") as store:
            return store.execute('SELECT "revision", is_dirty FROM history ORDER BY at').fetchall()

    def test_what_it_was_read_from(self):
        """What is staged is noted beside the commit that it is not as in."""
        asked = self.commit("Ask", bank=question("print(1)  # 1"))
        self.write("bank.md", question("print(2)  # 2"))
        self.git("add", "bank.md")
        self.write("bank.md", question("print(3)  # 3"))
        self.proctor("check", "--staged", expect=0)
        self.assertEqual(self.entries(), [(asked, 1)])
        self.proctor("check", "--rev", "HEAD", expect=0)
        self.assertEqual(self.entries()[1:], [(asked, 0)])
        self.proctor("check", expect=0)
        self.assertEqual(self.entries()[2:], [(asked, 1)])
        self.git("commit", "--quiet", "--all", "--message", "Three")
        self.proctor("check", "--no-cache", expect=0)
        self.assertEqual(self.entries()[3:], [(self.git("rev-parse", "HEAD"), 0)])

    def test_a_merge_blames_nobody(self):
        """Each commit is compared with its parents, not with what came before it in time."""
        one, two = question("print(1)  # 1"), question("x = 5", "print(x)  # 5", number=2)
        self.commit("Ask", bank=one + two)
        self.git("switch", "--quiet", "--create", "side")
        slipped = self.commit("Slip", bank=one + two.replace("# 5", "# 6"))
        self.git("switch", "--quiet", "main")
        self.commit("Meanwhile", bank=one.replace("# 1", "# 01") + two)
        self.git("merge", "--quiet", "--no-edit", "side")
        text = self.history("bank/2.1")
        self.assertIn(f"{slipped[:7]}  2023-11-15  Ada Lind: Slip; its code changed\n", text)
        self.assertNotIn("Meanwhile", text)
        self.assertNotIn("Merge", text)
        self.assertEqual(text.count("Ada Lind"), 2, text)

    def test_earlier_blocks_count_where_they_made_a_difference(self):
        other = question("print(x)  # 5", number=2)
        self.commit("Ask", bank=question("x = 5") + other)
        self.proctor("check", expect=0)
        self.commit("Two steps", bank=question("x = 4", "x += 1") + other)
        self.proctor("check", expect=0)
        self.commit("Slip", bank=question("x = 6") + other)
        self.proctor("check", expect=0)  # what is said in another block is not accused
        text = self.history("bank/2.1")
        self.assertNotIn("Two steps", text)
        self.assertIn("Slip; its earlier blocks changed\n", text)

    def test_plain_where_the_locale_is(self):
        self.commit("Ask", bank=question("print(1)  # 1"))
        self.proctor("check", expect=0)
        self.assertIn("█", self.history("bank/1.1"))
        self.environment["LC_ALL"] = "C"
        text = self.history("bank/1.1")
        self.assertIn("#  1 run of", text)
        self.assertTrue(text.isascii())

    def test_a_commit_that_cannot_be_read(self):
        self.write("bank.yaml", "documents: [\n")
        self.commit("Ask", bank=question("print(1)  # 1"))
        os.remove(self.path("bank.yaml"))
        result = self.proctor("history", "bank/1.1", expect=0)
        self.assertRegex(result.stderr,
                         r"^proctor: the commits cannot be looked at: \S*bank\.yaml:.*\n$")
        self.assertIn("\nRuns: none is known", result.stdout)

    def test_a_document_that_git_does_not_have(self):
        """Nobody is said to have written it anew."""
        self.commit("Ask", bank=question("print(1)"))
        middle = self.commit("Ask more", bank=question("print(2)"))
        self.commit("Ask most", bank=question("print(3)"))
        lost = self.lose(f"{middle}:bank.md")
        result = self.proctor("history", "bank/1.1", expect=0)
        self.assertRegex(result.stderr, "^proctor: not all commits can be looked at: bank.md in "
                         f"commit {middle[:7]} cannot be read: git's object {lost} is missing")
        self.assertNotIn("it is new", result.stdout)
        self.assertRegex(result.stdout, r"Ada Lind: Ask most\n.*Ada Lind: Ask\n$")

    def test_nothing_is_known(self):
        self.commit("Ask", bank=question("print(1)  # 1"))
        text = self.history("bank/1.1")
        self.assertIn("none is known", text)
        self.assertIn("Ada Lind: Ask", text)

    def test_what_it_refuses(self):
        self.write("bank.md", question("print(1)"))
        for arguments, words in (((), "which block?"), (("nothing/1.1",), "no snippet is called")):
            result = self.proctor("history", *arguments, expect=2)
            self.assertIn(words, result.stderr)

    def test_another_verdict_though_nothing_is_run(self):
        """What was accepted for it is edited."""
        self.write("bank.md", question("print(1)"))
        self.proctor("accept", "bank/1.1", expect=0)
        self.proctor("check", expect=0)
        path = "expected/bank/1.1.txt"
        with open(self.path(path), encoding="utf-8") as file:
            text = file.read()
        self.write(path, text.replace("---\n1\n", "---\n2\n"))
        self.proctor("check", expect=1)
        self.proctor("check", expect=1)
        self.assertEqual([row[::2] for row in self.rows(self.history("bank/1.1"))],
                         [("verified", 1), ("changed", 1)])


class Slower(support.Folder):
    def slow_down(self, factor):
        """As if the runs so far had been so much faster."""
        with sqlite3.connect(f"{self.cache}/proctor/results.sqlite") as store:
            store.execute("UPDATE history SET wall = wall / ?, cpu = cpu / ?", (factor, factor))

    def test_longer_than_before(self):
        """Said in words, and never held against the block."""
        self.write("bank.md", question("total = sum(range(800000))", "print(total > 1)  # True"))
        for _ in range(8):
            result = self.proctor("check", "--no-cache", expect=0)
            self.assertNotIn("as long as before", result.stdout)
        self.slow_down(20)
        for number in range(3):
            result = self.proctor("check", "--no-cache", "--strict", expect=0)
            self.assertEqual("as long as before" in result.stdout, number == 2, result.stdout)
        self.assertRegex(result.stdout, r"\./bank\.md:6: takes [0-9.]+ times as long as before: "
                                        r"[0-9.]+ ms, the median of the last 3 runs; .* of 8 runs\n")
        text = self.proctor("history", "bank/1.1", expect=0).stdout
        self.assertIn("\n  slower     takes ", text)
        self.assertNotIn("Commits", text)


if __name__ == "__main__":
    support.main()
