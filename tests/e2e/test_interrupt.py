"""Signals, and readers that go away: no process and no folder is left."""

import fcntl
import json
import os
import resource
import signal
import subprocess
import time

from support import Folder, block, main

MARK = "proctor-e2e-sleeper"
SLEEPER = block("import os, subprocess, sys, time",
                f"child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)',"
                f" '{MARK}'])",
                "print('sleeping', flush=True)",
                "time.sleep(600)")


def processes(word):
    """Ids of the processes whose command line holds the word."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit() and word.encode() in command_line(int(entry)):
            found.append(int(entry))
    return found


def descendants(parent):
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="ascii", errors="replace") as file:
                    if int(file.read().rsplit(")", 1)[1].split()[1]) == parent:
                        found += [int(entry), *descendants(int(entry))]
            except OSError:
                pass
    return found


def command_line(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""


def is_gone(pid):
    """It has ended, reaped or not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def wait_until(condition, what):
    deadline = time.monotonic() + 30
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain: {what}")
        time.sleep(0.01)


class Interrupt(Folder):
    def setUp(self):
        super().setUp()
        self.mark = f"{MARK}-{os.getpid()}-{self.id()}"
        self.write("notes.md", block("print(1)  # 1"), SLEEPER.replace(MARK, self.mark),
                   block("print(3)  # 3"))

    def start_and_wait(self, *arguments):
        """A run whose second snippet sleeps, and all of its processes."""
        process = self.start(*arguments, "notes.md", start_new_session=True)
        wait_until(lambda: processes(self.mark), "the snippet's child")
        family = descendants(process.pid)
        self.assertTrue(family)
        return process, family

    def nothing_is_left(self, family):
        self.assertEqual([one for one in family if not is_gone(one)], [])
        self.assertEqual(processes(self.mark), [])
        self.assertEqual(os.listdir(self.temporary), [])

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number=number):
                process, family = self.start_and_wait("check", "-j", "1", "--json", "report.json",
                                                      "--timeout", "100")
                process.send_signal(number)
                stdout, stderr = process.communicate(timeout=30)
                self.assertEqual(process.returncode, 3, (stdout, stderr))
                self.nothing_is_left(family)
                self.assertIn("incomplete: ", stdout)
                self.assertRegex(stdout, r"(?m)^3 blocks: ")
                with open(self.path("report.json"), encoding="utf-8") as file:
                    report = json.load(file)
                self.assertTrue(report["incomplete"])
                self.assertEqual(sum(report["ledger"].values()), 3)
                self.assertEqual(len(report["snippets"]), 3)
                self.assertIn("infra", self.classes(report))

    def test_a_terminal_interrupts_the_whole_group(self):
        process, family = self.start_and_wait("check", "-j", "2", "--timeout", "100")
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 3)
        self.nothing_is_left(family)

    def test_killed_without_warning(self):
        process, family = self.start_and_wait("check", "--timeout", "100")
        process.kill()
        process.communicate(timeout=30)
        wait_until(lambda: not processes(self.mark), "the snippet's end")
        wait_until(lambda: all(map(is_gone, family)), "the workers' end")

    def test_explain_and_run(self):
        for command in (["explain", "notes.md:8"], ["run", "notes.md:8"]):
            with self.subTest(command=command):
                process, family = self.start_and_wait(*command)
                process.send_signal(signal.SIGINT)
                process.communicate(timeout=30)
                self.assertIn(process.returncode, (3, 128 + signal.SIGINT))
                self.nothing_is_left(family)

    def test_a_reader_that_goes_away(self):
        self.write("false.md", *[block("print(1)  # 2")] * 300)
        reading, writing = os.pipe()
        with self.start("check", "false.md", stdout=writing) as process:
            os.close(writing)
            os.read(reading, 10)
            os.close(reading)
            _, stderr = process.communicate(timeout=60)
        self.assertEqual(stderr, "")
        self.assertEqual(process.returncode, -signal.SIGPIPE)
        self.assertEqual(os.listdir(self.temporary), [])

    def test_a_reader_of_a_report_goes_away(self):
        """One that is written last, when everything has been run."""
        self.write("bank/false.md", *[block(f"print({n})  # 2") for n in range(60)])
        self.write("bank/after.md", block("print(1)"))
        git = ["git", "-c", "user.name=A", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]
        for command in (["init", "-q"], ["add", "bank"], ["commit", "-q", "-m", "one"]):
            subprocess.run([*git, *command], cwd=self.folder, check=True,
                           env={**self.environment, "GIT_CONFIG_GLOBAL": os.devnull})
        self.write("bank/false.md", *[block(f"print({n} + 1)  # 2") for n in range(60)])
        for command in (["check", "--json=-"], ["check", "--tap=-"], ["check", "--junit=-"],
                        ["diff", "--json=-"]):
            with self.subTest(command=command):
                reading, writing = os.pipe()
                fcntl.fcntl(reading, fcntl.F_SETPIPE_SZ, 4096)
                with self.start(*command, "--no-cache", "bank", stdout=writing) as process:
                    os.close(writing)
                    os.read(reading, 10)
                    os.close(reading)
                    process.communicate(timeout=60)
                self.assertEqual(process.returncode, -signal.SIGPIPE)
                self.assertEqual(os.listdir(self.temporary), [])

    def test_a_limit_for_the_size_of_files(self):
        self.write("false.md", *[block(f"print({n})  # 2") for n in range(300)])
        self.proctor("check", "false.md", expect=1)
        # All is known: only the report is written. Without what is known, no worker can start.
        for size, wanted in ((100_000, "cannot [^\n]*: File too large"),
                             (1024, "did not start: File too large")):
            with self.subTest(size=size):
                limit = (size, size)
                result = self.proctor(
                    "check", "--json=report.json", "false.md", expect=3,
                    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
                self.assertRegex(result.stderr, rf"\Aproctor: [^\n]*{wanted}\n\Z")
                self.assertEqual([name for name in os.listdir(self.folder) if "report" in name], [])

    def test_a_limit_for_the_size_of_what_is_kept(self):
        self.write("large.md", *[block(f"print({n}, 'x' * 60000)") for n in range(400)])
        size = 9 << 20  # workers need not much less
        result = self.proctor(
            "check", "large.md", expect=0,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
        self.assertRegex(result.stderr, r"\Aproctor: no more results are kept in [^\n]*\n\Z")
        self.assertIn("400 blocks", result.stdout)

    def test_a_reader_of_a_block_goes_away(self):
        self.write("notes.md", block("while True:", "    print('again')"))
        reading, writing = os.pipe()
        with self.start("run", "notes.md:2", stdout=writing) as process:
            os.close(writing)
            os.read(reading, 10)
            os.close(reading)
            _, stderr = process.communicate(timeout=60)
        self.assertEqual((process.returncode, stderr), (128 + signal.SIGPIPE, ""))
        self.assertEqual(os.listdir(self.temporary), [])


if __name__ == "__main__":
    main()
