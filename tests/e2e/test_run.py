"""proctor run: a file as python3 would, a block with its output as it comes."""

import os
import signal
import subprocess

from support import Folder, block, main

PYTHON = os.environ["PROCTOR_PYTHON"]


class RunFile(Folder):
    def same(self, name, *arguments, **options):
        """What python3 and proctor make of a file; compared in bytes."""
        feed = options.pop("input", "")
        python = subprocess.run([PYTHON, name, *arguments],
                                cwd=self.folder, env=self.environment, capture_output=True,
                                input=feed, text=True, check=False)
        ours = self.proctor("run", name, *arguments, input=feed)
        self.assertEqual((ours.stdout, ours.stderr, ours.returncode),
                         (python.stdout, python.stderr, python.returncode))
        return ours

    def test_a_file(self):
        self.write("script.py", "import os, sys\nprint(sys.argv, __name__, os.getcwd())\n"
                                "print(sys.stdin.read())\nsys.exit(5)\n")
        result = self.same("script.py", "-x", "--timeout", "two words", input="fed")
        self.assertEqual(result.returncode, 5)

    def test_a_traceback(self):
        self.write("script.py", "def f():\n    raise ValueError('no')\n\nf()\n")
        self.same("script.py")

    def test_a_missing_file(self):
        result = self.proctor("run", "missing.py", expect=2)
        self.assertIn("missing.py", result.stderr)

    def test_standard_input(self):
        self.same("-", input="import sys\nprint(sys.argv)\n1/0\n")

    def test_the_environment_is_the_callers(self):
        self.environment["MY_OWN"] = "kept"
        self.write("script", "import os\nprint(os.environ['MY_OWN'])\nopen('made', 'w')\n")
        self.same("script")
        self.assertTrue(os.path.exists(self.path("made")))

    def test_a_signal(self):
        self.write("script.py", "import os\nos.kill(os.getpid(), 15)\n")
        self.assertEqual(self.same("script.py").returncode, -signal.SIGTERM)


class RunBlock(Folder):
    def test_its_output_and_exit_code(self):
        self.write("notes.md", block("import sys", "print('out')", "print('err', file=sys.stderr)",
                                     "sys.exit(9)"))
        result = self.proctor("run", "notes.md:3", expect=9)
        self.assertEqual((result.stdout, result.stderr), ("out\n", "err\n"))

    def test_an_exception(self):
        self.write("notes.md", block("print(1)", "1/0"))
        result = self.proctor("run", "notes.md:2", expect=1)
        self.assertEqual(result.stdout, "1\n")
        self.assertTrue(result.stderr.endswith("ZeroDivisionError: division by zero\n"))

    def test_a_signal(self):
        self.write("notes.md", block("import os", "os.abort()"))
        self.proctor("run", "notes.md:2", expect=128 + signal.SIGABRT)

    def test_after_the_blocks_that_it_needs(self):
        self.write("notes.md", "# One\n\n", block("word = 'loud'", "print('not me')"),
                   "# Two\n\n", block("other = 1"), block("print(word)"))
        result = self.proctor("run", "notes.md:15", expect=0)
        self.assertEqual((result.stdout, result.stderr), ("loud\n", ""))

    def test_a_name_that_nothing_binds(self):
        self.write("notes.md", block("pass"), block("print('first')", "Book()"))
        result = self.proctor("run", "notes.md:6", expect=1)
        self.assertEqual(result.stdout, "first\n")
        self.assertIn("NameError: name 'Book' is not defined", result.stderr)

    def test_a_timeout(self):
        self.write("notes.md", block("print('begun', flush=True)", "while True: pass"))
        result = self.proctor("run", "--timeout", "0.5", "notes.md:2", expect=124)
        self.assertEqual(result.stdout, "begun\n")
        self.assertRegex(result.stderr, r"^proctor: stopped: ran longer than 0\.\d+ s\n$")

    def test_a_deadlock(self):
        self.write("notes.md", block("import threading", "print('begins', flush=True)", "lock = threading.Lock()",
                                     "lock.acquire()", "lock.acquire()"))
        result = self.proctor("run", "notes.md:2", expect=124)
        self.assertEqual(result.stdout, "begins\n")
        self.assertEqual(result.stderr.splitlines(),
                         ["proctor: deadlocks", "proctor: MainThread waits at line 6 for 'lock', "
                          "which it took itself at line 5"])

    def test_options_may_follow(self):
        self.write("notes.md", block("while True: pass"))
        self.proctor("run", "notes.md:2", "notes.md", "--timeout", "0.5", expect=124)

    def test_output_comes_as_it_is_written(self):
        self.write("notes.md", block("import time", "print('begun', flush=True)",
                                     "time.sleep(600)"))
        with self.start("run", "notes.md:2") as process:
            self.assertEqual(process.stdout.readline(), "begun\n")
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)
        self.assertEqual(process.returncode, 128 + signal.SIGINT)


if __name__ == "__main__":
    main()
