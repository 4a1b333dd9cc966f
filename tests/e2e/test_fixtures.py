"""Fixtures that do not do what they should: their snippets get a clear reason, the
report one message for all of them, and the other snippets their verdicts."""

import json
import os
import subprocess

from support import PROCTOR, SOURCE, Folder, block, main

# What the fixture is, and what must be said of it.
BROKEN = {
    "raises": ("PROVIDES = ['shelf']\nraise KeyError('no shelf')\n", "KeyError: 'no shelf'"),
    "raises in setup": ("PROVIDES = ['shelf']\n\ndef setup(variant):\n"
                        "    return {'shelf': 1 / 0}\n", "ZeroDivisionError"),
    "loops": ("PROVIDES = ['shelf']\nwhile True:\n    pass\n", "never ended"),
    "forks": ("import os\nPROVIDES = ['shelf']\nshelf = 1\nif os.fork() == 0:\n"
              "    import time\n    time.sleep(1000)\n", "process"),
    "leaves a thread": ("import threading\nPROVIDES = ['shelf']\nshelf = 1\n"
                        "threading.Thread(target=threading.Event().wait).start()\n", "thread"),
    "exits": ("import sys\nPROVIDES = ['shelf']\nsys.exit(3)\n", "SystemExit|exit"),
    "exits at once": ("import os\nPROVIDES = ['shelf']\nos._exit(3)\n", "exit|ended"),
    "crashes": ("import ctypes\nPROVIDES = ['shelf']\nctypes.string_at(0)\n", "SIGSEGV"),
    "is no Python": ("PROVIDES = ['shelf']\ndef setup(:\n", "SyntaxError|syntax"),
    "does not provide it": ("PROVIDES = ['shelf']\n", "shelf"),
    "needs a package": ("PROVIDES = ['shelf']\nNEEDS = {'no_such_package': 'python3-no-such'}\n"
                        "import no_such_package\nshelf = 1\n", "install python3-no-such"),
    "imports what is not there": ("PROVIDES = ['shelf']\nimport no_such_package\n",
                                  "No module named 'no_such_package'"),
}
# Where Python is, with an empty folder in the place of Debian's packages.
BARE = ["unshare", "--map-root-user", "--mount", "sh", "-c",
        'mount -t tmpfs none /usr/lib/python3/dist-packages && exec "$@"', "sh"]
DJANGO = [
    ["print(Book.objects.count())  # 2"],
    ["book = Book.objects.create(title='a')", "print(book.pk)  # 1"],
    ["from django.db import models", "print(models.__name__)  # django.db.models"],
]


class Fixtures(Folder):
    def test_broken_ones_are_said_once(self):
        self.write("notes.md", block("print(shelf)  # 1"), block("print(1)  # 1"),
                   block("print(shelf)  # 2"))
        for name, (text, what) in BROKEN.items():
            with self.subTest(name):
                self.write("fixtures/broken.py", text)
                said = self.proctor("check", "--json", "report.json", "notes.md").stdout
                with open(self.path("report.json"), encoding="utf-8") as file:
                    report = json.load(file)
                first, plain, last = report["snippets"]
                self.assertEqual((first["class"], plain["class"], last["class"]),
                                 ("needs", "verified", "needs"), first)
                self.assertRegex(first["reason"], what)
                (problem,) = [each for each in report["fixtures"] if each["failure"]]
                self.assertRegex(problem["failure"], what)
                self.assertEqual(problem["unready"], 2)
                (line,) = [line for line in said.splitlines() if ": problem: " in line]
                self.assertIn(problem["failure"], line)
                self.assertEqual(os.listdir(self.path("fixtures")), ["broken.py"])

    def test_what_hooks_do_to_the_process_is_theirs(self):
        self.write("notes.md", block("thing", "# 5"), block("1 + 1  # 2", "print('said')  # said"))
        head = ("PROVIDES = ['thing']\nimport os, proctor\nclass Thing: pass\nthing = Thing()\n"
                "@proctor.shows(Thing, int, apart=False)\ndef show(value):\n")
        self.write("fixtures/shows.py", head + "    os._exit(0)\n")
        report = self.check("notes.md")
        self.assertEqual(self.classes(report), ["needs", "verified"])
        self.assertEqual(report["snippets"][0]["reason"],
                         "fixture shows.py: its hook ended the process (exit 0)")
        self.write("fixtures/shows.py", head + "    print('loud', flush=True)\n    return 5\n")
        report = self.check("notes.md", expect=0)
        self.assertEqual(self.classes(report), ["verified", "verified"])
        self.assertEqual(report["snippets"][0]["stdout"], "")

    def test_headers_are_read_alike(self):
        """By the supervisor, and by the worker."""
        self.write("fixtures/one.py", "PROVIDES: list = ['one']\n"
                   "NEEDS: dict = {'no_such_package': 'python3-no-such'}\none = 1\n")
        self.write("fixtures/two.py", "PROVIDES: list = ['two']\nVALUE: int\ntwo = 2\n")
        self.write("notes.md", block("print(one)  # 1"), block("print(two)  # 2"))
        report = self.check("notes.md")
        self.assertEqual(self.classes(report), ["needs", "verified"])
        self.assertIn("install python3-no-such", report["snippets"][0]["reason"])

    def test_a_header_that_is_none(self):
        self.write("fixtures/broken.py", "PROVIDES = 3\n")
        self.write("notes.md", block("print(shelf)  # 1"))
        report = self.check("notes.md")
        self.assertEqual(self.classes(report), ["fragment"])
        (problem,) = report["fixtures"]
        self.assertRegex(problem["failure"], r"broken\.py:1:12: PROVIDES")
        self.assertIn(problem["failure"], self.proctor("check", "notes.md").stdout)

    def test_its_traceback_is_in_the_report(self):
        self.write("fixtures/broken.py", "PROVIDES = ['shelf']\n\ndef fill():\n"
                   "    raise KeyError('no shelf')\n\ndef setup(variant):\n    fill()\n")
        self.write("notes.md", block("print(shelf)  # 1"))
        report = self.check("notes.md")
        (problem,) = report["fixtures"]
        self.assertRegex(problem["traceback"], r"line 7, in setup[^$]*line 4, in fill")
        self.assertNotIn("proctor-worker", problem["traceback"])
        self.assertIn("line 4, in fill", self.proctor("check", "notes.md").stdout)

    def test_a_name_that_two_provide(self):
        for name in ("one", "other"):
            self.write(f"fixtures/{name}.py", "PROVIDES = ['shelf']\nshelf = 1\n")
        self.write("notes.md", block("print(shelf)  # 1"), block("print(1)  # 1"),
                   block("print(shelf)  # 1"))
        report = self.check("notes.md")
        self.assertEqual(self.classes(report), ["needs", "verified", "needs"])
        for text in ("'shelf'", "one.py", "other.py", "bank.yaml"):
            self.assertIn(text, report["snippets"][0]["reason"])

    def test_bank_yaml_says_which_of_two_is_meant(self):
        for name in ("one", "other"):
            self.write(f"fixtures/{name}.py", f"PROVIDES = ['shelf']\nshelf = '{name}'\n")
        self.write("notes.md", block("print(shelf)  # other"))
        self.write("bank.yaml", "documents:\n  notes.md:\n    fixture: other\n")
        report = self.check("notes.md", expect=0)
        self.assertEqual(self.classes(report), ["verified"])
        self.assertEqual(report["snippets"][0]["fixture"]["name"], "other")

    def test_it_is_run_once_for_all_snippets(self):
        """And each snippet has what it provides as it was."""
        self.write("fixtures/shelf.py", "PROVIDES = ['shelf']\n"
                   f"open({self.path('runs')!r}, 'a').write('.')\nshelf = []\n")
        self.write("notes.md", *[block(f"shelf.append({n})", f"print(shelf)  # [{n}]")
                                 for n in range(20)])
        report = self.check("-j", "1", "notes.md", expect=0)
        self.assertEqual(set(self.classes(report)), {"verified"})
        with open(self.path("runs"), encoding="utf-8") as file:
            self.assertEqual(file.read(), ".")

    def test_without_django_all_else_works(self):
        attempt = subprocess.run([*BARE, "true"], stderr=subprocess.DEVNULL, check=False)
        if attempt.returncode != 0:
            self.skipTest("mounts are not ours here")
        self.write("notes.md", *[block(*lines) for lines in DJANGO], block("print(1)  # 1"))
        run = subprocess.run(
            [*BARE, PROCTOR, "check", "--fixtures", os.path.join(SOURCE, "examples", "fixtures"),
             "notes.md"], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        self.assertIn("4 blocks: 1 verified, 3 needs", run.stdout, run)
        self.assertIn("install python3-django", run.stdout)
        self.assertNotIn("Traceback", run.stdout)


if __name__ == "__main__":
    main()
