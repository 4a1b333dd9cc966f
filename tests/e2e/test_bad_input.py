"""Documents that are no documents: one clear line each, and the right exit
code."""

import os

from support import Folder, block, main

TRUE = block("print(1 + 1)  # 2")


class BadInput(Folder):
    def complains(self, *arguments):
        """The one line of a check that cannot begin."""
        result = self.proctor("check", *arguments, expect=2)
        self.assertEqual(result.stdout, "")
        (line,) = result.stderr.splitlines()
        self.assertTrue(line.startswith("proctor: "), line)
        return line

    def notes(self, name, expect):
        """The remarks on a document that is read all the same."""
        result = self.proctor("check", name, expect=expect)
        self.assertEqual(result.stderr, "")
        return [line for line in result.stdout.splitlines() if ": note: " in line], result.stdout

    def test_a_missing_path(self):
        self.assertIn("missing.md", self.complains("missing.md"))

    def test_a_missing_path_beside_a_good_one(self):
        self.write("notes.md", TRUE)
        self.assertIn("missing.md", self.complains("notes.md", "missing.md"))

    def test_a_folder_without_documents(self):
        os.mkdir(self.path("empty"))
        result = self.proctor("check", "empty", expect=4)
        self.assertIn("0 blocks\n", result.stdout)
        self.assertEqual(result.stderr,
                         "proctor: nothing to run: no Python block in 0 documents\n")

    def test_a_binary_file(self):
        self.write("photo.md", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 40)
        self.assertIn("photo.md", self.complains("photo.md"))

    def test_a_file_of_100_megabytes(self):
        self.write("large.md", "# Large\n")
        os.truncate(self.path("large.md"), 100 << 20)
        self.assertIn("large.md", self.complains("large.md"))

    def test_a_pipe(self):
        os.mkfifo(self.path("pipe.md"))
        self.assertIn("pipe.md", self.complains("pipe.md"))

    def test_a_large_file_in_a_folder_is_a_problem(self):
        self.write("docs/notes.md", TRUE)
        self.write("docs/large.md", "# Large\n")
        os.truncate(self.path("docs/large.md"), 100 << 20)
        result = self.proctor("check", "docs", expect=3)
        self.assertIn("docs/large.md: problem: ", result.stdout)
        self.assertIn("1 block: 1 verified\n", result.stdout)

    def test_invalid_utf8(self):
        self.write("notes.md", "Caf\u00e9\n\n", b"Caf\xe9\n\n", TRUE)
        (note,), report = self.notes("notes.md", expect=0)
        self.assertRegex(note, r"^notes\.md:3: note: ")
        self.assertIn("1 block: 1 verified\n", report)

    def test_a_nul(self):
        self.write("notes.md", "Some text\n", b"nothing: \0\n\n", TRUE)
        (note,), report = self.notes("notes.md", expect=0)
        self.assertRegex(note, r"^notes\.md:2: note: ")
        self.assertIn("1 block: 1 verified\n", report)

    def test_an_unclosed_fence(self):
        self.write("notes.md", "Text\n\n```python\nprint(1)  # 1\n")
        (note,), report = self.notes("notes.md", expect=0)
        self.assertRegex(note, r"^notes\.md:3: note: ")
        self.assertIn("1 block: 1 verified\n", report)

    def test_5000_nested_lists(self):
        self.write("notes.md", "".join("  " * depth + "- deep\n" for depth in range(5000)), "\n",
                   TRUE)
        self.proctor("check", "notes.md", expect=0)

    def test_5000_nested_lists_on_one_line(self):
        self.write("notes.md", "- " * 5000 + "deep\n\n", TRUE)
        self.proctor("check", "notes.md", expect=0)

    def test_deep_quotes(self):
        self.write("notes.md", ">" * 100000 + "\n\n", TRUE)
        self.proctor("check", "notes.md", expect=0)

    def test_an_empty_file(self):
        self.write("notes.md", "")
        self.proctor("check", "notes.md", expect=4)

    def test_other_ends_of_lines_give_the_same(self):
        text = "# 1. Question\n\n" + TRUE + block("print(1)  # 2")
        self.write("notes.md", text)
        expected = self.proctor("check", "notes.md", expect=1).stdout.splitlines()[:-1]
        for name, data in [("crlf", text.replace("\n", "\r\n").encode()),
                           ("bom", b"\xef\xbb\xbf" + text.encode()),
                           ("end", text.rstrip("\n").encode())]:
            with self.subTest(name):
                self.write("notes.md", data)
                lines = self.proctor("check", "notes.md", expect=1).stdout.splitlines()[:-1]
                self.assertEqual(lines, expected)


if __name__ == "__main__":
    main()
