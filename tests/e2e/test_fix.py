"""proctor fix: the patch, and documents changed in place."""

import os
import shutil
import stat
import subprocess
import time

from support import Folder, block, main

WRONG = block("total = 1 + 1", "print(total)  # Output: 3 (a sum)")
RIGHT = block("total = 1 + 1", "print(total)  # Output: 2 (a sum)")


class Fix(Folder):
    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def fixed(self, before, after):
        """Writes a document, and sees it corrected in place, once and for all."""
        self.write("notes.md", before)
        self.proctor("fix", "--write", "notes.md", expect=0)
        self.assertEqual(self.read("notes.md"),
                         after if isinstance(after, bytes) else after.encode())
        again = self.proctor("fix", "notes.md", expect=0)
        self.assertEqual((again.stdout, again.stderr), ("", "nothing to fix\n"))
        self.assertNotIn("false", self.proctor("check", "notes.md", expect=0).stdout)
        self.assertEqual(sorted(os.listdir(self.folder)), [".temporary", "notes.md"])

    def test_a_patch_is_the_default(self):
        self.write("notes.md", "# Sums\n\n", WRONG, "\n\nthe end\n")
        result = self.proctor("fix", "notes.md", expect=1)
        self.assertEqual(result.stdout.splitlines(), [
            "--- a/notes.md", "+++ b/notes.md", "@@ -2,7 +2,7 @@", " ", " ```python",
            " total = 1 + 1", "-print(total)  # Output: 3 (a sum)",
            "+print(total)  # Output: 2 (a sum)", " ```", " ", " "])
        self.assertEqual(result.stderr,
                         "1 claim to correct in 1 document: 'proctor fix --write' does it\n")
        self.assertEqual(self.read("notes.md").decode(), "# Sums\n\n" + WRONG + "\n\nthe end\n")

    def test_nothing_to_fix(self):
        self.write("notes.md", RIGHT)
        result = self.proctor("fix", "notes.md", expect=0)
        self.assertEqual((result.stdout, result.stderr), ("", "nothing to fix\n"))

    def test_values_of_every_kind(self):
        self.fixed(block("x = [3, 1]", "x.sort()", "print(x)  # [3, 1]", "len(x)  # 3 - two of them",
                         "'a' in 'abc'  # False", 'print("ab"[1])  # "a"',
                         r"print('one\ntwo')", "#> one", "#> three") +
                   block(">>> 6 * 7", "43", ">>> 'a'", "'b'", language="pycon") +
                   block("for i in range(3):", "    print('row', i)") +
                   "Output:\n\n```\nrow 0\nrow 1\nrow 3\n```\n",
                   block("x = [3, 1]", "x.sort()", "print(x)  # [1, 3]", "len(x)  # 2 - two of them",
                         "'a' in 'abc'  # True", 'print("ab"[1])  # "b"',
                         r"print('one\ntwo')", "#> one", "#> two") +
                   block(">>> 6 * 7", "42", ">>> 'a'", "'a'", language="pycon") +
                   block("for i in range(3):", "    print('row', i)") +
                   "Output:\n\n```\nrow 0\nrow 1\nrow 2\n```\n")

    def test_exceptions(self):
        self.fixed(block("point = (1, 2)", "point[0] = 3  # ValueError",
                         "int('x')  # TypeError: no"),
                   block("point = (1, 2)", "point[0] = 3  # TypeError",
                         "int('x')  # ValueError: invalid literal for int() with base 10: 'x'"))

    def test_line_ends_and_marks_stay(self):
        self.fixed(b"\xef\xbb\xbf" + WRONG.replace("\n", "\r\n").encode() + "\u00e9 \t".encode(),
                   b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode() + "\u00e9 \t".encode())

    def test_containers_stay(self):
        self.fixed("- item\n\n\t> ```python\n\t>   print(1)\t#\t2 \n\t> ```\nend",
                   "- item\n\n\t> ```python\n\t>   print(1)\t#\t1 \n\t> ```\nend")

    def test_no_last_newline(self):
        self.fixed("Look:\n\n    x = 1\n    print(x)  # 2", "Look:\n\n    x = 1\n    print(x)  # 1")

    def test_mode_and_link_stay(self):
        self.write("real.md", WRONG)
        os.chmod(self.path("real.md"), 0o755)
        os.symlink("real.md", self.path("notes.md"))
        self.proctor("fix", "--write", "notes.md", expect=0)
        self.assertTrue(os.path.islink(self.path("notes.md")))
        self.assertEqual(self.read("real.md").decode(), RIGHT)
        self.assertEqual(stat.S_IMODE(os.stat(self.path("real.md")).st_mode), 0o755)

    def test_read_only(self):
        self.write("notes.md", WRONG)
        os.chmod(self.path("notes.md"), 0o444)
        result = self.proctor("fix", "--write", "notes.md", expect=3)
        self.assertIn("proctor: 'notes.md' is read-only\n", result.stderr)
        self.assertEqual(self.read("notes.md").decode(), WRONG)
        self.assertEqual(self.proctor("fix", "notes.md", expect=1).stdout.count("+print"), 1)

    def test_one_that_fails_does_not_keep_others_from_being_fixed(self):
        self.write("a.md", WRONG)
        self.write("b.md", WRONG)
        os.chmod(self.path("a.md"), 0o444)
        self.proctor("fix", "--write", expect=3)
        self.assertEqual(self.read("a.md").decode(), WRONG)
        self.assertEqual(self.read("b.md").decode(), RIGHT)

    def test_a_file_that_changes_meanwhile(self):
        """The snippet waits for a file that appears when the document has been changed."""
        flag = self.path("flag")
        waits = block("import os, time", f"while not os.path.exists({flag!r}):",
                      "    time.sleep(0.01)")
        self.write("notes.md", WRONG, waits)
        with self.start("fix", "--write", "notes.md") as process:
            # Documents have been read when the first worker runs.
            deadline = time.monotonic() + 60
            while not self.has_children(process.pid) and time.monotonic() < deadline:
                time.sleep(0.01)
            with open(self.path("notes.md"), "ab") as file:
                file.write(b"One more line.\n")
            self.write("flag", "")
            stderr = process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, 3, stderr)
        self.assertIn("proctor: 'notes.md' changed after it was read\n", stderr)
        self.assertEqual(self.read("notes.md").decode(), WRONG + waits + "One more line.\n")

    @staticmethod
    def has_children(pid):
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return file.read().strip() != ""

    def test_what_is_not_sure_stays(self):
        self.write("notes.md", block("print(1 + 1)  # 3", "len([])  # TypeError"))
        result = self.proctor("fix", "--write", "notes.md", expect=1)
        self.assertIn("notes.md:3: cannot fix: nothing is raised there "
                      "(says 'TypeError', raises nothing)\n", result.stderr)
        self.assertIn("1 claim that cannot be fixed\n", result.stderr)
        self.assertEqual(self.read("notes.md").decode(),
                         block("print(1 + 1)  # 2", "len([])  # TypeError"))

    def test_what_a_second_run_does_not_confirm_stays(self):
        """A counter that outlives a run, so that each shows another number."""
        self.write("notes.md", block(
            "import sqlite3", f"base = sqlite3.connect({self.path('runs')!r}, isolation_level=None)",
            "base.execute('create table if not exists runs (number)')",
            "base.execute('insert into runs values (1)')",
            "print(base.execute('select count(*) from runs').fetchone())", "#> 77"))
        before = self.read("notes.md")
        result = self.proctor("fix", "--write", "notes.md", expect=1)
        self.assertIn("a second run does not confirm what would be written", result.stderr)
        self.assertEqual(self.read("notes.md"), before)

    def test_patches_apply(self):
        texts = {"plain.md": WRONG, "sub folder/two words.md": WRONG + "end",
                 "crlf.md": WRONG.replace("\n", "\r\n"),
                 "last.md": "Look:\n\n    x = 1\n    print(x)  # 2"}
        tools = [("git", "apply", "-p1", "-"), ("patch", "-p1", "--binary")]
        for tool in tools:
            if shutil.which(tool[0]) is None:
                continue
            for name, text in texts.items():
                self.write(name, text)
            with open(self.path("patch"), "w+b") as patch:
                self.proctor("fix", stdout=patch, expect=1)
                patch.seek(0)
                subprocess.run(tool, stdin=patch, cwd=self.folder, check=True,
                               stdout=subprocess.DEVNULL)
            with self.subTest(tool):
                self.proctor("fix", expect=0)
                for name, text in texts.items():
                    self.assertEqual(self.read(name).decode(),
                                     text.replace("3 (", "2 (").replace("# 2", "# 1"))

    def test_nothing_is_written_under_ci(self):
        self.write("notes.md", WRONG)
        self.environment["CI"] = "true"
        result = self.proctor("fix", "--write", "notes.md", expect=2)
        self.assertIn("CI is set", result.stderr)
        self.assertEqual(self.read("notes.md").decode(), WRONG)
        self.proctor("fix", "notes.md", expect=1)

    def test_nothing_to_run(self):
        self.write("notes.md", "Only words.\n")
        self.proctor("fix", "notes.md", expect=4)
        self.proctor("fix", "missing.md", expect=2)


if __name__ == "__main__":
    main()
