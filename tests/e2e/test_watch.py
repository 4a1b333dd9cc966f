"""proctor watch: what is on the screen after each save, and what is left behind."""

import os
import re
import selectors
import signal
import subprocess
import time

from support import Folder, block, main

WAIT = 30  # seconds: for a machine that does much else


class Watching:
    """A proctor that watches, and what it has printed."""

    def __init__(self, test, *arguments, **options):
        self.test = test
        self.process = test.start("watch", *arguments, stderr=subprocess.STDOUT, text=False,
                                  errors=None, **options)
        self.output = self.process.stdout
        self.seen = b""
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.output, selectors.EVENT_READ)
        os.set_blocking(self.output.fileno(), False)
        test.addCleanup(self.close)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.selector.close()
        self.output.close()

    def read(self, until, wait=WAIT):
        """What is printed up to the line that fits a pattern, and that line."""
        end = time.monotonic() + wait
        pattern = re.compile(until.encode() + rb"[^\n]*\n")
        while True:
            found = pattern.search(self.seen)
            if found:
                text, self.seen = self.seen[:found.end()], self.seen[found.end():]
                return text.decode()
            if not self.selector.select(max(0, end - time.monotonic())):
                raise AssertionError(f"no {until!r} in {self.seen!r}")
            data = os.read(self.output.fileno(), 65536)
            if not data:
                raise AssertionError(f"it ended; no {until!r} in {self.seen!r}")
            self.seen += data

    def ready(self):
        return self.read("Ctrl-C ends")

    def save(self):
        """What one save made it print."""
        return self.read(r"\d\d:\d\d:\d\d [^\n]* s; ")

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        rest = self.read(r"saves?, ")
        self.test.assertEqual(self.process.wait(WAIT), 0)
        self.test.assertEqual(os.listdir(self.test.temporary), [])
        return rest


class Watch(Folder):
    def watch(self, *arguments, **options):
        watching = Watching(self, *arguments, **options)
        self.first = watching.ready()
        return watching

    def replace(self, name, *texts):
        """As editors do that write a new file and move it to its place."""
        self.write(name + "~new", *texts)
        os.rename(self.path(name + "~new"), self.path(name))


class Saving(Watch):
    def setUp(self):
        super().setUp()
        self.write("docs/a.md", "# A\n\n", block("print(1)  # 1"), block("print(2)  # 3"))
        self.write("docs/b.md", "# B\n\n", block("print(2)  # 2"))

    def test_the_first_check_and_a_summary(self):
        watching = self.watch("docs")
        self.assertIn("docs/a.md:8: false: says '3', printed 2\n    8 | print(2)  # 3\n",
                      self.first)
        self.assertIn("3 blocks were run", self.first)
        self.assertIn("3 blocks: 2 verified, 1 false", self.first)
        self.assertIn("0 saves, 3 blocks were run; 3 blocks: 2 verified, 1 false", watching.end())
        # What is known is not run, here as anywhere.
        watching = self.watch("docs")
        self.assertIn("nothing was run", self.first)
        watching.end(signal.SIGTERM)

    def test_only_what_was_touched_runs_and_only_what_changed_is_told(self):
        watching = self.watch("docs")
        self.write("docs/a.md", "# A\n\n", block("print(7)  # 1"), block("print(2)  # 3"))
        text = watching.save()
        self.assertIn("docs/a.md:4: false: says '1', printed 7", text)
        self.assertNotIn("docs/a.md:8", text)
        self.assertIn("docs/a.md: 1 block was run; ", text)
        self.assertIn("1 verified, 2 false", text)

    def test_what_was_wrong_and_is_right_now(self):
        watching = self.watch("docs")
        self.write("docs/a.md", "# A\n\n", block("print(1)  # 1"), block("print(2)  # 2"))
        text = watching.save()
        self.assertIn("docs/a.md:8: verified: it was false\n", text)
        self.assertIn("3 blocks: 3 verified", text)

    def test_an_edit_of_prose_runs_nothing(self):
        watching = self.watch("docs")
        self.write("docs/a.md", "# A\n\nProse.\n\n", block("print(1)  # 1"),
                   block("print(2)  # 3"))
        text = watching.save()
        self.assertIn("nothing was run", text)
        self.assertEqual(text.count("\n"), 1, text)

    def test_editors_that_move_a_new_file_to_its_place(self):
        watching = self.watch("docs")
        for number in (5, 6, 7):
            self.replace("docs/a.md", "# A\n\n", block(f"print(1)  # {number}"))
            self.assertIn(f"says '{number}', printed 1", watching.save())

    def test_editors_that_truncate_and_write_twice(self):
        watching = self.watch("docs")
        with open(self.path("docs/a.md"), "w", encoding="utf-8") as file:
            file.write("# A\n\n```python\nprint(1")
            file.flush()
            file.write(")  # 1\nprint(2)  # 5\n```\n")
        text = watching.save()
        self.assertNotIn("unparsable", text)
        self.assertIn("says '5', printed 2", text)

    def test_a_document_that_comes_and_goes(self):
        watching = self.watch("docs")
        self.write("docs/c.md", block("print(3)  # 4"))
        text = watching.save()
        self.assertIn("docs/c.md:2: false: says '4', printed 3", text)
        self.assertIn("4 blocks", text)
        os.remove(self.path("docs/c.md"))
        self.assertIn("3 blocks", watching.save())

    def test_a_folder_that_comes_and_goes(self):
        watching = self.watch("docs")
        os.mkdir(self.path("more"))
        self.write("more/deep/c.md", block("print(3)  # 4"))
        os.rename(self.path("more"), self.path("docs/more"))
        self.assertIn("docs/more/deep/c.md:2: false", watching.save())
        self.write("docs/more/deep/c.md", block("print(3)  # 3"))
        self.assertIn("docs/more/deep/c.md:2: verified: it was false", watching.save())
        os.rename(self.path("docs/more"), self.path("more"))
        self.assertIn("3 blocks", watching.save())

    def test_the_folder_itself_is_removed(self):
        watching = self.watch("docs")
        os.rename(self.path("docs"), self.path("away"))
        self.assertIn("docs", watching.read("proctor: "))
        os.rename(self.path("away"), self.path("docs"))
        self.assertIn("3 blocks", watching.save())
        self.write("docs/b.md", block("print(2)  # 5"))
        self.assertIn("says '5', printed 2", watching.save())

    def test_a_single_file(self):
        watching = self.watch("docs/b.md")
        self.write("docs/a.md", block("print(1)  # 9"))
        self.replace("docs/b.md", block("print(2)  # 5"))
        text = watching.save()
        self.assertIn("docs/b.md:2: false", text)
        self.assertNotIn("a.md", text)

    def test_a_document_behind_a_link(self):
        self.write("elsewhere/c.md", block("print(3)  # 3"))
        os.symlink("../elsewhere/c.md", self.path("docs/c.md"))
        watching = self.watch("docs")
        self.write("elsewhere/c.md", block("print(3)  # 4"))
        self.assertIn("docs/c.md:2: false: says '4', printed 3", watching.save())

    def test_a_save_while_snippets_run(self):
        reached = self.path("reached")
        os.mkfifo(reached)
        slow = block("import time", f"open({reached!r}, 'w').close()", "time.sleep(600)")
        watching = self.watch("docs", "--timeout", "900")
        self.write("docs/a.md", slow)
        with open(reached, encoding="utf-8"):
            pass  # the block has opened it: it runs
        self.write("docs/a.md", block("print(1)  # 2"))
        self.assertIn("docs/a.md:2: false: says '2', printed 1", watching.save())
        self.assertIn("2 saves", watching.end())

    def test_what_is_saved_sits_first(self):
        """While the first check is far from its end, and before the rest of it goes on."""
        reached = self.path("reached")
        os.mkfifo(reached)
        self.write("docs/a.md", block("import time", f"open({reached!r}, 'w').close()",
                                      "time.sleep(600)"))
        watching = Watching(self, "-j", "1", "--timeout", "900", "docs")
        with open(reached, encoding="utf-8"):
            pass  # the block has opened it: it runs
        self.write("docs/b.md", "# B\n\n", block("print(2)  # 5"))
        text = watching.save()
        self.assertIn("docs/b.md:4: false: says '5', printed 2", text)
        self.assertIn("docs/b.md: 1 block was run; ", text)
        with open(reached, encoding="utf-8"):
            pass  # the rest goes on
        self.write("docs/a.md", block("print(1)  # 2"))
        text = watching.save()
        self.assertIn("docs/a.md:2: false: says '2', printed 1", text)
        self.assertIn("2 blocks: 2 false", text)
        watching.end()

    def test_other_files_and_the_end_of_the_reader(self):
        watching = self.watch("docs")
        self.write("docs/picture.png", b"\x89PNG")
        self.write("docs/.git/index", b"")
        self.write("docs/b.md", block("print(2)  # 5"))
        text = watching.save()
        self.assertIn(" docs/b.md: ", text)
        watching.selector.unregister(watching.output)
        watching.output.close()
        self.write("docs/b.md", block("print(2)  # 6"))
        self.assertEqual(watching.process.wait(WAIT), -signal.SIGPIPE)
        self.assertEqual(os.listdir(self.temporary), [])


    def test_a_signal_before_anything_runs(self):
        """It is noted from the first moment on, not lost until the first check is over."""
        self.write("docs/a.md", *[block("import time", "time.sleep(600)")] * 3000)
        for _ in range(3):
            process = self.start("watch", "--timeout", "900", "docs")
            deadline = time.monotonic() + WAIT
            while not self.catches(process, signal.SIGINT) and time.monotonic() < deadline:
                pass
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=WAIT)
            self.assertEqual(process.returncode, 0)
            self.assertEqual(os.listdir(self.temporary), [])

    def catches(self, process, number):
        with open(f"/proc/{process.pid}/status", encoding="ascii", errors="replace") as file:
            caught = next(line for line in file if line.startswith("SigCgt:"))
        return int(caught.split()[1], 16) >> (number - 1) & 1

    def test_the_end_of_the_reader_while_nobody_saves(self):
        watching = self.watch("docs")
        watching.selector.unregister(watching.output)
        watching.output.close()
        self.assertEqual(watching.process.wait(WAIT), -signal.SIGPIPE)
        self.assertEqual(os.listdir(self.temporary), [])

    def test_the_end_of_the_reader_while_something_runs(self):
        reached = self.path("reached")
        os.mkfifo(reached)
        self.write("docs/a.md", block("import time", f"open({reached!r}, 'w').close()",
                                      "time.sleep(600)"))
        watching = Watching(self, "--timeout", "900", "docs")
        with open(reached, encoding="utf-8"):
            pass  # the block has opened it: it runs
        watching.selector.unregister(watching.output)
        watching.output.close()
        self.assertEqual(watching.process.wait(WAIT), -signal.SIGPIPE)
        self.assertEqual(os.listdir(self.temporary), [])


class Around(Watch):
    """Configuration, fixtures, expectations."""

    FIXTURE = '''PROVIDES = ["shelf"]


def setup(variant):
    return {{"shelf": [0] * {}}}
'''

    def test_a_broken_document(self):
        self.write("docs/a.md", block("print(1)  # 1"))
        watching = self.watch("docs")
        self.write("docs/a.md", bytes(range(256)) * 8)
        text = watching.save()
        self.assertIn("docs/a.md: problem: ", text)
        self.write("docs/a.md", block("print(1)  # 2"))
        self.assertIn("says '2', printed 1", watching.save())

    def test_remarks_are_told_once(self):
        self.write("docs/a.md", block("print(1)  # 1"))
        watching = self.watch("docs")
        self.write("docs/a.md", block("print(1)  # 1"), "```python\nnever = 'closed'\n")
        self.assertIn(": note: ", watching.save())
        self.write("docs/a.md", "Text.\n\n", block("print(1)  # 1"),
                   "```python\nnever = 'closed'\n")
        self.assertNotIn(": note: ", watching.save())

    def test_the_configuration(self):
        self.write("docs/a.md", block("print(1)  # 2"))
        watching = self.watch("docs")
        self.write("bank.yaml", "documents:\n  docs/a.md:\n    skip: not yet\n")
        self.assertIn("docs/a.md:2: skipped: it was false", watching.save())
        self.write("bank.yaml", "documents: [\n")
        self.assertIn("bank.yaml", watching.read("proctor: "))
        # Documents are read with the next one that can be.
        self.write("docs/a.md", block("print(1)  # 3"))
        watching.read("proctor: ")
        os.remove(self.path("bank.yaml"))
        self.assertIn("says '3', printed 1", watching.save())

    def test_a_fixture(self):
        self.write("docs/a.md", block("print(len(shelf))  # 1"), block("print(1)  # 1"))
        self.write("fixtures/shelf.py", self.FIXTURE.format(1))
        watching = self.watch("docs")
        self.assertIn("2 verified", self.first)
        self.write("fixtures/shelf.py", self.FIXTURE.format(2))
        text = watching.save()
        self.assertIn("docs/a.md:2: ran: it was verified", text)
        self.assertIn("1 block was run", text)
        self.write("docs/a.md", block("print(len(shelf))  # 2"), block("print(1)  # 1"))
        self.assertIn("2 verified", watching.save())

    def test_an_expectation(self):
        self.write("docs/a.md", block("print(1)"), block("print(2)"))
        watching = self.watch("docs")
        self.proctor_aside("accept", "docs/a.md", "--expected", "expected")
        watching.read("verified: it was ran")
        watching.read("2 verified")
        name = next(os.path.join(folder, file)
                    for folder, _, files in os.walk(self.path("expected")) for file in sorted(files))
        with open(name, encoding="utf-8") as file:
            text = file.read()
        self.write(os.path.relpath(name, self.folder), text.replace("\n1\n", "\n7\n"))
        self.assertIn("changed: ", watching.save())
        watching.end()

    def test_an_expectation_that_goes_to_another_document(self):
        self.write("docs/a.md", block("print(2)"), block("print(1)"))
        self.write("docs/b.md", block("print(1)"))
        watching = self.watch("docs")
        self.proctor_aside("accept", "docs/a.md:6", "--expected", "expected")
        watching.read("1 verified")
        self.write("docs/a.md", block("print(2)"))
        self.assertIn("docs/b.md:2: verified: it was ran\n", watching.read("1 ran"))
        watching.end()

    def proctor_aside(self, *arguments):
        """While another one runs, what is in the folder for temporary files is not only its own."""
        with self.start(*arguments) as process:
            process.communicate(timeout=60)
            self.assertEqual(process.returncode, 0)

    def test_nothing_to_watch(self):
        result = self.proctor("watch", "nowhere", expect=2)
        self.assertIn("nowhere", result.stderr)


if __name__ == "__main__":
    main()
