"""Results that are kept: what is known is not run again, and nothing that becomes of the file
makes a check say anything else."""

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

import support
from support import PROCTOR, Folder, block

KILLS = 200


def bank(count, word="Question", first=1):
    return "".join(f"## {n}. {word} {n}\n\nText.\n\n" + block(f"print({n} * {n})  # {n * n}")
                   for n in range(first, first + count))


def without_times(report):
    """What two checks of the same bank agree on, however they came to it."""
    kept = {name: value for name, value in report.items() if name not in ("seconds", "known")}
    kept["snippets"] = [{name: value for name, value in snippet.items()
                         if name not in ("timing", "events", "threads")}
                        for snippet in report["snippets"]]
    return kept


class Kept(Folder):
    def setUp(self):
        super().setUp()
        self.store = os.path.join(self.cache, "proctor", "results.sqlite")
        self.count_workers()

    def last_line(self, *arguments, expect=0):
        return self.proctor("check", *arguments, expect=expect).stdout.splitlines()[-1]

    def assert_all_known(self, *arguments, expect=0):
        self.starts()
        result = self.proctor("check", *arguments, expect=expect)
        self.assertRegex(result.stdout.splitlines()[-1],
                         r"^nothing was run: all results are known; \d\.\d\d s, Python 3\.\d+\.\d+$")
        self.assertEqual(self.starts(), 0)
        return result.stdout

    def assert_run(self, count, *arguments, expect=0):
        """So many blocks were run, with the others known."""
        report = self.check(*arguments, expect=expect)
        self.assertEqual(report["blocks"] - report["known"], count, report)
        return report


class SecondChecks(Kept):
    def test_nothing_is_run_where_all_is_known(self):
        self.write("bank.md", bank(5))
        first = self.proctor("check", expect=0).stdout
        self.assertRegex(first.splitlines()[-1], r"^\d+\.\d s on \d workers?, Python")
        self.assertGreater(self.starts(), 0)
        second = self.assert_all_known()
        self.assertEqual(first.splitlines()[:-1], second.splitlines()[:-1])

    def test_a_large_bank_is_looked_up_ahead(self):
        for place in range(3):
            self.write(f"bank{place}.md", bank(120, f"Question of {place}"))
        first = self.check(expect=0)
        self.assert_all_known()
        second = self.assert_run(0)
        self.assertEqual(without_times(first), without_times(second))

    def test_ten_thousand_known_blocks_start_nothing(self):
        for place in range(5):  # one after another, for machines that are slow
            self.write(f"bank{place}.md", bank(2000, first=2000 * place + 1))
            self.proctor("check", expect=0)
        self.assertIn("10000 blocks: 10000 verified\n", self.assert_all_known())

    def test_as_many_alike_are_noted_once_each(self):
        self.write("bank.md", (bank(1) + "\n") * 300)
        for count in (300, 300):
            self.proctor("check", expect=0)
            with sqlite3.connect(self.store) as store:
                rows = store.execute("SELECT count(*), count(DISTINCT id) FROM history").fetchone()
            self.assertEqual(rows, (count, 300))

    def test_one_edit_runs_one_block(self):
        self.write("bank.md", bank(4))
        self.proctor("check", expect=0)
        self.write("bank.md", bank(4).replace("print(3 * 3)", "print(3 ** 2)"))
        self.assertRegex(self.last_line(),
                         r"^1 block was run, 3 results are known; \d\.\d s on 1 worker, Python")

    def test_what_is_claimed_is_judged_anew(self):
        self.write("bank.md", block("print(1)", "print(2)  # 2"))
        self.proctor("check", expect=0)
        self.write("bank.md", block("print(1)", "print(2)  # 2").replace("# 2", "# 3"))
        self.check(expect=1) # another comment is another source
        self.write("bank.md", "```\n>>> 6 * 7\n42\n```\n")
        self.proctor("check", expect=0)
        self.write("bank.md", "```\n>>> 6 * 7\n41\n```\n")
        self.assert_all_known(expect=1)

    def test_where_a_block_stands_does_not_matter(self):
        self.write("bank.md", bank(3))
        self.proctor("check", expect=0)
        os.unlink(self.path("bank.md"))
        self.write("new/name.md", "# A preface\n\nof some lines\n\n", bank(3, "Frage"))
        self.assert_all_known()
        self.write("new/name.md", "".join(f"* an item\n\n  ```python\n  print({n} * {n})  # {n * n}\n"
                                          "  ```\n\n" for n in (2, 3, 1)))
        self.assert_all_known()

    def test_earlier_blocks_count_where_they_are_needed(self):
        def lesson(number):
            return "## 1. One\n\n" + block(f"x = {number}") + block("print(x > 0)  # True") + \
                block("print(5)  # 5")
        self.write("bank.md", lesson(1))
        self.proctor("check", expect=0)
        self.assert_all_known()
        self.write("bank.md", lesson(2))
        self.assert_run(2)

    def test_limits_count(self):
        self.write("bank.md", bank(2))
        self.proctor("check", expect=0)
        self.assert_run(2, "--timeout", "9")
        self.assert_run(0, "--timeout", "9")
        self.assert_run(0)
        self.write("bank.yaml", "output: 1 MB\n")
        self.assert_run(2)

    def test_no_cache_runs_all_and_keeps_it(self):
        self.write("bank.md", bank(2))
        self.assert_run(2, "--no-cache")
        self.assert_run(2, "--no-cache")
        self.assert_run(0)

    def test_a_file_can_be_named(self):
        self.write("bank.md", bank(2))
        self.assert_run(2, "--results", "kept/here.sqlite")
        self.assert_run(0, "--results", "kept/here.sqlite")
        self.assert_run(2)

    def test_the_same_block_twice_is_no_known_result(self):
        self.write("bank.md", (bank(1) + "\n") * 5)
        report = self.assert_run(5)
        self.assertEqual(self.classes(report), ["verified"] * 5)
        self.assert_run(0)

    def test_repeated_runs_are_known_each(self):
        self.write("bank.md", block("import time", "start = time.perf_counter()",
                                    "sum(range(100))  # faster",
                                    "a = time.perf_counter() - start", "print(a < 5)  # True"))
        first = self.check()
        self.starts()
        second = self.check()
        self.assertEqual(self.starts(), 0)
        self.assertEqual(without_times(first), without_times(second))

    def test_what_raises_hangs_or_is_no_python_is_known(self):
        self.write("bank.md", block("1 / 0"), block("def"), block("print(unknown)"),
                   block("import threading", "lock = threading.Lock()", "lock.acquire()",
                         "lock.acquire()"), block("import os", "os._exit(3)"))
        first = self.check(expect=1)
        second = self.assert_run(0, expect=1)
        self.assertEqual(without_times(first), without_times(second))

    def test_limits_that_were_met_are_known(self):
        self.write("bank.md", block("while True:", "    pass"))
        self.check("--timeout", "0.3", expect=0)
        self.assert_run(0, "--timeout", "0.3", expect=0)


def digest(key, number, made, body):
    """As results_sum(): a row that was changed by hand is not one, without it."""
    total = 0xcbf29ce484222325
    for byte in key + number.to_bytes(4, sys.byteorder) + made.to_bytes(8, sys.byteorder) + body:
        total = (total ^ byte) * 0x100000001b3 % 2 ** 64
    return total - 2 ** 64 if total >= 2 ** 63 else total


class Timed(Kept):
    """What time decides is trusted for a day."""

    def age(self, hours):
        """As if all had been made so much earlier."""
        with sqlite3.connect(self.store) as store:
            for place, key, made, body in store.execute(
                    "SELECT id, key, made, body FROM result").fetchall():
                first = int.from_bytes(key[:8], sys.byteorder)
                number = next(number for number in range(100)
                              if (first + number * 0x9e3779b97f4a7c15 - place) % 2 ** 64 == 0)
                made -= hours * 3600 * 10 ** 6
                store.execute("UPDATE result SET made = ?, sum = ? WHERE id = ?",
                              (made, digest(key, number, made, body), place))

    def assert_aged(self, count, *arguments, expect=0):
        self.check(*arguments, expect=expect)
        self.age(22)
        self.assert_run(0, *arguments, expect=expect)
        self.age(3)
        self.assert_run(count, *arguments, expect=expect)
        self.assert_run(0, *arguments, expect=expect)

    def test_a_limit_of_time(self):
        self.write("bank.md", block("while True:", "    pass"), block("print(1)  # 1"))
        self.assert_aged(1, "--timeout", "0.3")
        explain = ["explain", "--timeout", "0.3", "bank.md:1"]
        self.assertIn("not run again for a day, since time decides it\n",
                      self.proctor(*explain, expect=0).stdout)
        self.age(25)
        self.assertRegex(self.proctor(*explain, expect=0).stdout,
                         r"made now, because time decides its result, and that of 20\d\d-\d\d-\d\d "
                         "is more than a day old\n")

    def test_claims_that_compare_times(self):
        self.write("bank.md", block(
            "import time", "start = time.perf_counter()", "sum(range(100))",
            "print(f'one: {time.perf_counter() - start:.9f} s')", "start = time.perf_counter()",
            "sum(range(1000000))", "print(f'two: {time.perf_counter() - start:.9f} s')  # slower"),
            block("print(1)  # 1"))
        self.check(expect=0)
        self.age(25)
        self.assert_run(1)

    def test_expectations_that_do(self):
        self.write("bank.md", "## 1. Time\n\n", block(
            "import time", "start = time.perf_counter()",
            "print(f'one {time.perf_counter() - start:.9f}')",
            "print(f'two {time.perf_counter() - start:.9f}')"))
        self.proctor("accept", "bank.md:4", expect=0)
        path = self.expectation()
        with open(path, encoding="utf-8") as file:
            head = file.read().split("---\n")[1]
        self.check(expect=None)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"---\n{head}where:\n  - two > 0.5 * one\n---\n"
                       "one {one:seconds}\ntwo {two:seconds}\n")
        self.check(expect=0)
        self.age(25)
        self.assert_run(1)

    def expectation(self):
        for folder, _, names in os.walk(self.path("expected")):
            for name in names:
                return os.path.join(folder, name)
        return None


class Fixtures(Kept):
    def setUp(self):
        super().setUp()
        self.write("fixtures/shelf.py", "from _size import SIZE\nPROVIDES = ['shelf']\n\n"
                   "def setup(variant):\n    return {'shelf': list(range(SIZE))}\n")
        self.write("fixtures/_size.py", "SIZE = 2\n")
        self.write("bank.md", block("print(len(shelf))"), block("print(1)"))

    def test_all_files_of_their_folder_count(self):
        self.assert_run(2)
        self.assert_run(0)
        self.write("fixtures/_size.py", "SIZE = 3\n")
        report = self.assert_run(1)
        self.assertIn("3\n", [snippet["stdout"] for snippet in report["snippets"]])

    def test_one_that_was_not_ready_is_tried_again(self):
        self.write("fixtures/_size.py", "SIZE = 1 / 0\n")
        self.assert_run(1 + 1)
        self.starts()
        report = self.check()
        self.assertGreater(self.starts(), 0)
        self.assertEqual(report["known"], 1)

    def test_prose_counts_only_with_a_fixture(self):
        self.write("bank.md", "Some text.\n\n", block("print(len(shelf))"),
                   "# Other\n\nMore.\n\n", block("print(1)"))
        self.assert_run(2)
        self.write("bank.md", "\n\nSome text.\n\n", block("print(len(shelf))"),
                   "# Other\n\nMuch more.\n\n", block("print(1)"))
        self.assert_run(0)
        self.write("bank.md", "Some other text.\n\n", block("print(len(shelf))"),
                   "# Other\n\nMore.\n\n", block("print(1)"))
        self.assert_run(1)


class Explanations(Kept):
    def result(self, *arguments):
        text = self.proctor("explain", *arguments, expect=0).stdout
        lines = [line for line in text.splitlines() if line.startswith("  result ")]
        self.assertEqual(len(lines), 1, text)
        return lines[0].split(None, 1)[1]

    def test_why_it_runs_or_does_not(self):
        self.write("bank.md", bank(1))
        today = time.strftime("%Y-%m-%d")
        self.assertEqual(self.result("bank.md:6"), "made now, because it was never run here")
        self.assertRegex(self.result("bank.md:6"), f"^made on {today} \\d\\d:\\d\\d with the same "
                         "code, Python and limits: not run again$")
        self.assertEqual(self.starts(), 2) # once to say which Python it is
        self.assertEqual(self.result("--timeout", "5", "bank.md:6"),
                         f"made now, because its limits have changed since {today}")
        self.assertEqual(self.result("--no-cache", "bank.md:6"),
                         "made now, because --no-cache wants it")

    def test_only_what_it_needs_is_run(self):
        self.write("bank.md", "## 1. One\n\n", block("x = 1"), block("print(x)  # 1"), block("y = 2"),
                   block("print(3)  # 3"), "## 2. Other\n\n", block("print(4)  # 4"))
        self.proctor("explain", "bank.md:16", expect=0) # the 3
        self.assert_run(4)
        shutil.rmtree(os.path.dirname(self.store))
        self.proctor("explain", "bank.md:8", expect=0) # the x
        self.assert_run(3) # the first two are known
        self.assertIn("the same code, earlier blocks, Python", self.result("bank.md:8"))


class Stores(Kept):
    def test_a_lost_one_costs_time(self):
        self.write("bank.md", bank(2))
        self.assert_run(2)
        os.unlink(self.store)
        self.assert_run(2)
        self.assert_run(0)

    def test_a_damaged_one_is_made_anew(self):
        self.write("bank.md", bank(2))
        self.assert_run(2)
        with open(self.store, "wb") as file:
            file.write(b"no database" * 1000)
        result = self.proctor("check", expect=0)
        self.assertRegex(result.stderr, r"^proctor: the kept results in '.*' are damaged: they begin"
                         r" anew\n$")
        self.assert_run(0)

    def test_one_that_cannot_be_told_to_be_ours_is_set_aside(self):
        """Only in its usual place."""
        self.write("bank.md", bank(2))
        damages = {"application": (70, b"\x00"), "format": (44, b"\x00\x00\x00\x63"),
                   "encoding": (56, b"\x00\x00\x00\x02")}
        for name, (offset, data) in damages.items():
            with self.subTest(damage=name):
                self.check(expect=0)
                with open(self.store, "r+b") as file:
                    file.seek(offset)
                    file.write(data)
                other = os.path.join(self.cache, "other.sqlite")
                shutil.copy(self.store, other)
                result = self.proctor("check", "--results", other, expect=0)
                self.assertRegex(result.stderr, "^proctor: [^\n]*other.sqlite[^\n]*\n$")
                os.unlink(other)
                result = self.proctor("check", expect=0)
                self.assertRegex(result.stderr, r"^proctor: the kept results in '.*' are damaged:"
                                 r" they begin anew\n$")
                self.assertTrue(os.path.exists(self.store + ".damaged"))
                self.starts()
                self.assert_run(0)

    def test_one_without_a_column_is_set_aside(self):
        self.write("bank.md", bank(2))
        self.assert_run(2)
        with contextlib.closing(sqlite3.connect(self.store)) as file:
            file.execute("ALTER TABLE result RENAME COLUMN body TO bodu")
        self.assertIn("begin anew", self.proctor("check", expect=0).stderr)
        self.starts()
        self.assert_run(0)

    def test_what_is_not_ours_in_its_place_is_named(self):
        self.write("bank.md", bank(2))
        os.makedirs(os.path.dirname(self.store))
        with contextlib.closing(sqlite3.connect(self.store)) as file:
            file.execute("CREATE TABLE result (theirs)")
        with open(self.store, "rb") as file:
            theirs = file.read()
        for _ in range(2):
            result = self.proctor("check", expect=0)
            self.assertRegex(result.stderr, r"^proctor: no results are kept in '[^\n]*': it is another"
                             r" program's database\n$")
        with open(self.store, "rb") as file:
            self.assertEqual(file.read(), theirs)
        os.unlink(self.store)
        os.mkdir(self.store)
        for _ in range(2):
            result = self.proctor("check", expect=0)
            self.assertRegex(result.stderr,
                             r"^proctor: no results are kept in '[^\n]*': it is a folder\n$")

    def test_one_damaged_inside_is_set_aside(self):
        self.write("bank.md", bank(200))
        self.assert_run(200)
        size = os.path.getsize(self.store)
        with open(self.store, "r+b") as file:
            for offset in range(8192, size, 4096):
                file.seek(offset)
                file.write(b"\xff" * 2000)
        report = self.check(expect=0)
        self.assertEqual(self.classes(report), ["verified"] * 200)
        self.assertGreater(report["blocks"], report["known"])
        self.check(expect=0)
        self.assert_run(0)

    def test_where_none_can_be_all_is_run(self):
        self.write("bank.md", bank(2))
        with open(os.path.join(self.cache, "proctor"), "w", encoding="ascii"):
            pass # where the folder would be
        for _ in range(2):
            result = self.proctor("check", expect=0)
            self.assertEqual(result.stderr, "")
            self.assertRegex(result.stdout.splitlines()[-1], "s on [12] workers?, Python")

    def test_one_that_was_named_is_missed_aloud(self):
        self.write("bank.md", bank(2))
        for path in ("bank.md", "bank.md/none.sqlite"):
            result = self.proctor("check", "--results", path, expect=0)
            self.assertRegex(result.stderr, "^proctor: [^\n]*'[^\n]*bank.md[^\n]*'[^\n]*\n$")
        with open(self.path("bank.md"), encoding="utf-8") as file:
            self.assertEqual(file.read(), bank(2))

    def test_another_that_holds_a_lock_is_not_waited_for_long(self):
        self.write("bank.md", bank(2))
        self.assert_run(2)
        other = sqlite3.connect(self.store, isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        self.assert_all_known() # what is only read waits for nobody
        self.write("bank.md", bank(3))
        result = self.proctor("check", expect=0)
        self.assertRegex(result.stdout.splitlines()[-1], "^1 block was run, 2 results are known")
        self.assertRegex(result.stderr, "^proctor: no more results are kept in '[^\n]*\n$")
        other.execute("ROLLBACK")
        self.assert_run(1)

    def test_four_at_once_on_a_fresh_one(self):
        self.write("bank.md", bank(60))
        expected = without_times(self.check("--no-cache", "--results", "other.sqlite", "bank.md"))
        processes = [self.start("check", "--json", "-", "-j", "1", "bank.md") for _ in range(4)]
        for process in processes:
            stdout, stderr = process.communicate(timeout=120)
            self.assertEqual(process.returncode, 0, stderr)
            self.assertEqual(without_times(json.loads(stdout)), expected)
            self.assertNotIn("kept results", stderr)
        self.assert_sound()
        self.assert_all_known("bank.md")

    def assert_sound(self):
        file = sqlite3.connect(self.store)
        self.assertEqual(file.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        file.close()

    def test_killed_at_any_moment(self):
        """Each time with other blocks, so that there is something to be kept."""
        chance = random.Random(7)
        temporary = tempfile.mkdtemp(prefix="proctor-killed-") # what is killed leaves its folders
        self.addCleanup(shutil.rmtree, temporary, ignore_errors=True)
        known = 0
        for turn in range(KILLS):
            self.write("bank.md", bank(30).replace("print(", f"print('', end=''); _ = {turn // 4}; "
                                                   "print("))
            process = self.start("check", "bank.md", stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL,
                                 env={**self.environment, "TMPDIR": temporary})
            time.sleep(chance.random() * 0.25)
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=60)
            if turn % 10 == 9:
                known += self.compare()
        self.assert_sound()
        self.assertGreater(known, 0)

    def compare(self):
        """A check that goes on from what is there says what one says that knows nothing."""
        self.assert_sound()
        result = self.proctor("check", "--json", "-", "bank.md", expect=0)
        self.assertEqual(result.stderr.count("kept results"), 0, result.stderr)
        report = json.loads(result.stdout)
        fresh = self.check("--no-cache", "--results", "fresh.sqlite", "bank.md", expect=0)
        self.assertEqual(without_times(report), without_times(fresh))
        return report["known"]


if __name__ == "__main__":
    support.main()
