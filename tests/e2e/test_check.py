"""proctor check: what it prints, and its exit codes."""

import os
import pty
import re
import subprocess

from support import PROCTOR, Folder, block, main

TRUE = block("print(1 + 1)  # 2")
FALSE = block("total = 1 + 1", "print(total)  # 3")
RAN = block("total = 1")


class Check(Folder):
    def test_verified(self):
        self.write("notes.md", TRUE)
        result = self.proctor("check", "notes.md", expect=0)
        lines = result.stdout.splitlines()
        self.assertEqual(lines[:2], ["1 block: 1 verified", "1 claim: 1 holds"])
        self.assertRegex(lines[2], r"^\d+\.\d s on 1 worker, Python 3\.\d+\.\d+$")
        self.assertEqual(result.stderr, "")

    def test_false_says_both_sides_and_shows_the_line(self):
        self.write("notes.md", "# Notes\n\n", FALSE)
        result = self.proctor("check", "notes.md", expect=1)
        self.assertEqual(result.stdout.splitlines()[:5],
                         ["notes.md:5: false: says '3', printed 2", "    5 | print(total)  # 3",
                          "", "1 block: 1 false", "1 claim: 1 contradicted"])

    def test_the_current_folder_is_the_default(self):
        self.write("a/one.md", TRUE)
        self.write("two.markdown", TRUE)
        self.write("three.txt", TRUE)
        self.write("four.rst", TRUE)
        result = self.proctor("check", expect=0)
        self.assertIn("3 blocks: 3 verified\n", result.stdout)

    def test_each_class_in_its_words(self):
        self.write("notes.md",
                   block("raise ValueError('no')"),
                   block("import surely_no_such_module"),
                   block("x = ="),
                   block("library = Lending()"),
                   block("import os, signal", "os.kill(os.getpid(), signal.SIGSEGV)"),
                   block("import threading", "lock = threading.Lock()", "lock.acquire()",
                         "lock.acquire()"),
                   block("while True:", "    pass"),
                   RAN, TRUE)
        result = self.proctor("check", "--timeout", "0.5", "notes.md", expect=1)
        self.assertEqual(
            re.sub(r"than 0\.\d+ s", "than 0.5 s", result.stdout).split("\n\n")[0].splitlines(),
            ["notes.md:2: raised: ValueError: no",
             "    2 | raise ValueError('no')",
             "notes.md:6: needs: surely_no_such_module",
             "    6 | import surely_no_such_module",
             "notes.md:10: unparsable: SyntaxError: invalid syntax",
             "   10 | x = =",
             "notes.md:14: fragment: name 'Lending' is bound nowhere",
             "notes.md:18: crashed: killed by SIGSEGV",
             "notes.md:26: hung: MainThread waits at line 26 for 'lock', "
             "which it took itself at line 25",
             "   26 | lock.acquire()",
             "notes.md:30: limit: stopped: ran longer than 0.5 s"])
        self.assertIn("9 blocks: 1 verified, 1 ran, 1 raised, 1 hung, 1 limit, 1 crashed, "
                      "1 fragment, 1 needs, 1 unparsable\n", result.stdout)

    def test_problems_keep_the_banks_order(self):
        for name in "abc":
            self.write(f"{name}.md", block("import time", "time.sleep(0.2)", "print(1)  # 2"),
                       FALSE)
        first = self.proctor("check", "-j", "4", expect=1).stdout
        second = self.proctor("check", "-j", "2", expect=1).stdout
        places = [line.split(": ")[0] for line in first.splitlines() if ": false: " in line]
        self.assertEqual([place.removeprefix("./") for place in places],
                         ["a.md:4", "a.md:9", "b.md:4", "b.md:9", "c.md:4", "c.md:9"])
        self.assertEqual(first.splitlines()[:-1], second.splitlines()[:-1])

    def test_earlier_blocks_are_said(self):
        self.write("notes.md", "# 1. Names\n\n", block("base = 20"), block("print(base + 1)  # 21"),
                   block("print(base + 2)"))
        result = self.proctor("check", "--strict", "notes.md", expect=1)
        self.assertIn("2 ran after earlier blocks\n", result.stdout)
        self.assertIn("notes.md:12: ran: says nothing that could be checked "
                      "(after 2 earlier blocks of its heading)\n", result.stdout)

    def test_strict(self):
        self.write("notes.md", TRUE, RAN)
        self.proctor("check", "notes.md", expect=0)
        result = self.proctor("check", "--strict", "notes.md", expect=1)
        self.assertIn("notes.md:6: ran: says nothing that could be checked\n",
                      result.stdout)
        self.write("true.md", TRUE)
        self.proctor("check", "--strict", "true.md", expect=0)

    def test_nothing_to_run(self):
        self.write("notes.md", "Only words.\n")
        result = self.proctor("check", "notes.md", expect=4)
        self.assertIn("0 blocks\n", result.stdout)
        self.assertEqual(result.stderr,
                         "proctor: nothing to run: no Python block in 1 document\n")

    def test_descriptors_that_are_closed(self):
        self.write("notes.md", TRUE)
        command = '"$0" check notes.md'
        for closed, code in (("<&-", 0), ("2>&-", 0), ("<&- 2>&-", 0), (">&-", 3),
                             ("<&- >&- 2>&-", 3)):
            with self.subTest(closed):
                done = subprocess.run(["sh", "-c", f"{command} {closed}", PROCTOR],
                                      cwd=self.folder, env=self.environment,
                                      capture_output=True, text=True)
                self.assertEqual(done.returncode, code, done)
                self.assertIn(done.stderr, ("", "proctor: cannot write the report: "
                                                "Bad file descriptor\n"))
                self.assertEqual(os.listdir(self.temporary), [])

    def test_our_failure_wins(self):
        self.write("notes.md", FALSE)
        with open("/dev/full", "w", encoding="utf-8") as full:
            result = self.proctor("check", "notes.md", expect=3, stdout=full)
        self.assertIn("proctor: cannot write the report: No space left", result.stderr)

    def test_output_is_escaped(self):
        self.write("notes.md", block(r"print('\x1b[2J\xff' * 40)", "#> 3"))
        result = self.proctor("check", "notes.md", expect=1)
        self.assertNotIn("\x1b", result.stdout)
        self.assertIn(r"printed \x1b[2J", result.stdout)
        self.assertIn("...", result.stdout)

    def test_usage(self):
        self.write("notes.md", TRUE)
        for arguments, said in [
                (["--frobnicate"], "Unknown option --frobnicate"),
                (["--timeout", "0"], "--timeout takes seconds"),
                (["--timeout", "soon"], "--timeout takes seconds"),
                (["-j", "-1"], "-j takes a number"),
                (["-j", "many"], "many"),
                (["--python", "2.7"], "no worker for Python 2.7: there are 3."),
                (["missing.md"], "missing.md"),
                (["--json", "missing/report.json"], "missing/report.json"),
                (["--json", "."], "'.'")]:
            with self.subTest(arguments=arguments):
                result = self.proctor("check", *arguments, "notes.md", expect=2)
                self.assertEqual(result.stdout, "")
                self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
                self.assertTrue(result.stderr.startswith("proctor: "))
                self.assertIn(said, result.stderr)

    def test_a_number_right_behind_its_letter(self):
        self.write("notes.md", TRUE)
        self.assertIn("1 verified", self.proctor("check", "-j2", "notes.md", expect=0).stdout)

    def test_no_worker(self):
        self.write("notes.md", TRUE)
        os.mkdir(self.path("empty"))
        self.environment["PROCTOR_WORKER_DIR"] = self.path("empty")
        result = self.proctor("check", "notes.md", expect=3)
        self.assertIn("PROCTOR_WORKER_DIR", result.stderr)

    def in_terminal(self, **changes):
        """What a person sees: both streams on one terminal."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen([PROCTOR, "check", "notes.md"], cwd=self.folder, stdin=theirs,
                                   stdout=theirs, stderr=theirs,
                                   env={**self.environment, "TERM": "xterm", **changes})
        os.close(theirs)
        seen = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the terminal's other side is closed
                break
            if not part:
                break
            seen += part
        os.close(ours)
        self.assertEqual(process.wait(), 1)
        return seen.decode()

    def test_a_terminal_gets_colour_and_progress(self):
        self.write("notes.md", FALSE, TRUE)
        seen = self.in_terminal()
        self.assertIn("\x1b[31mfalse:\x1b[0m", seen)
        self.assertIn("/2", seen)
        plain = self.in_terminal(NO_COLOR="1")
        self.assertNotIn("\x1b[31m", plain)


if __name__ == "__main__":
    main()
