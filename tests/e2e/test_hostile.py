"""A document whose middle snippet does its worst: the verdicts of the others
stand, and nothing is left behind."""

import os

from support import Folder, block, main

BEFORE = block("print('before')  # before")
AFTER = block("print('after')  # after")

# What the middle snippet does, the class that it gets, the exit code.
MIDDLES = {
    "exits at once": ("raised", 0, ["import os", "os._exit(0)", "print(1)  # 2"]),
    "segfaults": ("crashed", 1, ["import ctypes", "ctypes.string_at(0)"]),
    "aborts": ("crashed", 1, ["import os", "os.abort()"]),
    "kills itself": ("crashed", 1, ["import os", "os.kill(os.getpid(), 9)"]),
    "loops": ("limit", 0, ["while True:", "    pass"]),
    "ignores signals and sleeps": ("limit", 0, [
        "import signal, time",
        "for number in (1, 2, 3, 15):",
        "    signal.signal(number, signal.SIG_IGN)",
        "time.sleep(1000)"]),
    "floods stdout": ("limit", 0, ["while True:", "    print('x' * 100000)"]),
    "floods stderr": ("limit", 0, ["import os", "while True:", "    os.write(2, b'y' * 65536)"]),
    "closes every descriptor": ("ran", 0, ["import os", "os.closerange(0, 1000)"]),
    "takes a lock twice": ("hung", 1, [
        "import threading", "lock = threading.Lock()", "lock.acquire()", "lock.acquire()"]),
    "never ends its shutdown": ("limit", 0, [
        "import atexit", "def forever():", "    while True: pass", "atexit.register(forever)"]),
    "leaves a daemon": ("ran", 0, [
        "import os, time",
        "if os.fork() == 0:",
        "    os.setsid()",
        "    if os.fork() == 0:",
        "        time.sleep(1000)",
        "    os._exit(0)"]),
    "recurses for ever": ("raised", 0, ["def f(): f()", "f()"]),
    "asks for input": ("needs", 0, ["input()"]),
}

# Here what it does to itself differs with what the machine can keep apart.
ATTACKS = {
    "kills its parent": ["import os", "os.kill(os.getppid(), 9)"],
    "kills its parent's group": ["import os, signal", "os.killpg(os.getpgid(os.getppid()), 9)"],
    "kills its own group": ["import os", "os.killpg(0, 9)"],
    "stops its parent": ["import os, signal", "os.kill(os.getppid(), signal.SIGSTOP)"],
    "closes and scribbles": [
        "import os",
        "for descriptor in range(3, 100):",
        "    try:",
        "        os.write(descriptor, b'nonsense' * 8)",
        "        os.close(descriptor)",
        "    except OSError:",
        "        pass"],
    "exits in a fork": ["import os", "os.fork()", "os._exit(7)"],
}


class Hostile(Folder):
    def others_stand(self, lines, *arguments, expect=None):
        self.write("notes.md", BEFORE, block(*lines), AFTER)
        report = self.check("--timeout", "1", *arguments, "notes.md", expect=expect)
        before, middle, after = report["snippets"]
        self.assertEqual((before["class"], after["class"]), ("verified", "verified"), middle)
        self.assertEqual((before["stdout"], after["stdout"]), ("before\n", "after\n"))
        return middle

    def test_each_alone(self):
        for name, (expected, code, lines) in MIDDLES.items():
            with self.subTest(name):
                middle = self.others_stand(lines, "-j", "1", expect=code)
                self.assertEqual(middle["class"], expected, middle)

    def test_attacks_on_us(self):
        for name, lines in ATTACKS.items():
            with self.subTest(name):
                self.others_stand(lines, "-j", "1")

    def test_all_at_once(self):
        texts, expected = [], []
        for verdict, _, lines in MIDDLES.values():
            texts += [BEFORE, block(*lines), AFTER]
            expected += ["verified", verdict, "verified"]
        self.write("notes.md", *texts)
        report = self.check("--timeout", "1", "-j", "4", "notes.md", expect=1)
        self.assertEqual(self.classes(report), expected)

    def test_a_flood_keeps_its_head_and_tail(self):
        middle = self.others_stand(["print('first')", "while True:", "    print('x' * 1000)"])
        self.assertTrue(middle["stdout"].startswith("first\n"))
        self.assertGreater(middle["stdout_cut"], 0)
        self.assertLess(len(middle["stdout"]), 1 << 20)

    def test_files_go_to_a_folder_of_its_own(self):
        self.write("notes.md", block("open('notes.md', 'w').write('changed')"),
                   block("import os", "print(os.listdir())  # []"))
        self.check("-j", "1", "notes.md", expect=0)
        with open(self.path("notes.md"), encoding="utf-8") as file:
            self.assertIn("changed')", file.read())
        self.assertEqual(sorted(os.listdir(self.folder)), [".temporary", "notes.md"])


if __name__ == "__main__":
    main()
