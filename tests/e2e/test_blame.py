"""Who last wrote the code, the claims and the expectation of a block, as a person sees it."""

import os
import shutil
import sys

from gitted import Gitted
from support import block, main

if shutil.which("git") is None:
    print("skipped: git is not installed")
    sys.exit(77)

LESSON = ("# Core\n\n## Lists\n\n### 4. What is printed?\n\n"
          + block("numbers = [1, 2]", "numbers.append(3)", "print(numbers)  # Output: [1, 2]",
                  "print(len(numbers))")
          + "Output:\n\n```\n[1, 2, 3]\n3\n```\n\nThe end.\n")


class Blame(Gitted):
    maxDiff = None

    def edit(self, name, before, after):
        with open(self.path(name), encoding="utf-8") as file:
            text = file.read()
        self.assertIn(before, text)
        self.write(name, text.replace(before, after, 1))

    def commit_as(self, author, day, message):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--author", f"{author} <{author}@example.org>",
                 "--date", f"2026-01-{day:02}T23:30:00-0500", "--message", message)
        return self.short("HEAD")

    def setUp(self):
        super().setUp()
        self.write("bank.md", LESSON)
        self.first = self.commit_as("Ada", 1, "lists: first version")

    def blame(self, *arguments, expect=0, **options):
        result = self.proctor("blame", *arguments, expect=expect, **options)
        self.assertEqual(result.stderr, "")
        return result.stdout

    def test_a_block(self):
        self.edit("bank.md", "# Output: [1, 2]", "# Output: [1, 2, 3]")
        second = self.commit_as("Grace", 2, "the claim was wrong")
        self.edit("bank.md", "numbers.append(3)", "numbers.append(3)  # works")
        ada = f"{self.first}  2026-01-01  Ada    lists: first version"
        expected = (
            "bank.md:8-11  bank/lists/4.1\n"
            f"  5   {ada}  heading\n"
            f"  8   {ada}\n"
            "  9   not committed yet                                 claim: works\n"
            f"  10  {second}  2026-01-02  Grace  the claim was wrong   claim: Output: [1, 2, 3]\n"
            f"  11  {ada}\n"
            f"  17  {ada}  claim: [1, 2, 3] ...\n"
            f"  18  {ada}\n")
        self.assertEqual(self.blame("bank.md:9"), expected)
        self.assertEqual(self.blame("lists/4.1", "bank.md"), expected)

    def test_an_expectation(self):
        self.proctor("accept", "bank.md", expect=0)
        second = self.commit_as("Grace", 2, "accept")
        output = self.blame("bank.md:8")
        title = "expected/bank/lists/4.1.txt\n"
        self.assertIn(title, output)
        self.assertRegex(output.split(title)[1],
                         rf"^  1-\d+  {second}  2026-01-02  Grace  accept\n$")

    def test_a_bank_that_cannot_be_read(self):
        """That is no line without a block; of such a one, it does not matter."""
        self.write("bank.yaml", "documents: [\n")
        result = self.proctor("blame", "bank.md:9", expect=2)
        self.assertRegex(result.stderr, r"^proctor: \S*bank\.yaml:.*\n$")
        self.assertEqual(result.stdout, "")
        self.assertEqual(self.blame("bank.md:21"),
                         f"bank.md\n  21  {self.first}  2026-01-01  Ada  lists: first version\n")
        os.remove(self.path("bank.yaml"))
        result = self.proctor("blame", "gone.md:9", expect=2)
        self.assertEqual(result.stderr, "proctor: gone.md: no such file\n")

    def test_a_line_that_is_in_no_block(self):
        self.edit("bank.md", "The end.", "That is all.")
        second = self.commit_as("Grace", 2, "prose")
        self.assertEqual(self.blame("bank.md:21"),
                         f"bank.md\n  21  {second}  2026-01-02  Grace  prose\n")
        self.write("notes.txt", "a\nb\n")
        self.assertEqual(self.blame("notes.txt:2"), "notes.txt\n  2  not committed yet\n")

    def test_a_block_that_was_moved_and_indented(self):
        self.write("other.md", "# Other\n\nNothing yet.\n")
        self.commit_as("Ada", 2, "other")
        code = LESSON.split("### 4. What is printed?\n\n")[1].split("Output:\n\n")[0]
        indented = "".join("   " + line if line.strip() else line
                           for line in code.splitlines(keepends=True))
        self.write("bank.md", "# Core\n\nIt is elsewhere now.\n")
        self.write("other.md", "# Other\n\n### 1. Printed\n\n1. Look:\n\n", indented)
        third = self.commit_as("Grace", 3, "moved")
        was = f"{self.first}  2026-01-01  Ada    lists: first version"
        self.assertEqual(
            self.blame("other.md:9"),
            "other.md:8-11  other/1.1\n"
            f"  3    {third}  2026-01-03  Grace  moved                 heading\n"
            f"  8-9  {was}  (in bank.md)\n"
            f"  10   {was}  claim: Output: [1, 2]  (in bank.md)\n"
            f"  11   {was}  (in bank.md)\n")

    def test_a_revision(self):
        self.edit("bank.md", "# Output: [1, 2]", "# Output: [1, 2, 3]")
        self.commit_as("Grace", 2, "the claim was wrong")
        output = self.blame("--rev", "HEAD~1", "bank.md:10")
        self.assertIn(f"  10   {self.first}  2026-01-01  Ada  lists: first version  "
                      "claim: Output: [1, 2]\n", output)

    def test_from_another_folder(self):
        self.write("docs/deep/x", "")
        output = self.blame("../../bank.md:21", cwd=self.path("docs/deep"))
        self.assertEqual(output, f"../../bank.md\n  21  {self.first}  2026-01-01  Ada  "
                         "lists: first version\n")

    def test_names_do_nothing_to_a_terminal(self):
        self.edit("bank.md", "The end.", "All.")
        self.commit_as("\x1b[31mEve", 2, "red \x1b[31m")
        self.assertNotIn("\x1b", self.blame("bank.md:21"))

    def test_usage(self):
        for arguments, message in (
                ((), "blame: name a block or FILE:LINE (see 'proctor blame --help')"),
                (("nope",), "no snippet is called 'nope'"),
                (("bank.md:99",), "bank.md:99: there are only 21 lines")):
            result = self.proctor("blame", *arguments, expect=2)
            self.assertEqual(result.stderr, f"proctor: {message}\n")
            self.assertEqual(result.stdout, "")


if __name__ == "__main__":
    main()
