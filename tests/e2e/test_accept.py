"""Expectations: accepted, reviewed, followed, and never lost."""

import os
import select
import stat
import subprocess

from support import PROCTOR, Folder, block, main

COUNTER = block("for name in ('ada', 'grace'):", "    print(name, len(name))")
SET = block("print('names:', {'ada', 'grace', 'linus', 'edsger', 'barbara'})",
            "for name in {'ada', 'grace', 'linus', 'edsger', 'barbara'}:", "    print(name)",
            "print('end')")
CLOCK = block("import time", "start = time.perf_counter()", "time.sleep(0.001)",
              "print(f'Elapsed time: {time.perf_counter() - start:.6f}s')")
OBJECT = block("class Plain: pass", "plain = Plain()", "print(plain)", "print('id:', id(plain))")
LOCK = block("import threading", "lock = threading.Lock()", "lock.acquire()", "lock.acquire()")


def platform_version():
    """Of the Python that is used without --python."""
    code = "import sys; print(*sys.version_info[:2])"
    return subprocess.run([os.environ["PROCTOR_PYTHON"], "-c", code], check=True,
                          capture_output=True, text=True).stdout.split()


def question(number, code):
    return f"### {number}. Question\n\n{code}"


class Accepting(Folder):
    def lesson(self, *codes, name="lesson.md"):
        self.write(name, "# Lesson\n\n## Part\n\n",
                   *[question(number, code) for number, code in enumerate(codes, 1)])

    def files(self):
        """Each file of the folder of expectations, and what is in it."""
        found = {}
        for folder, _, names in os.walk(self.path("expected")):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    found[os.path.relpath(path, self.path("expected"))] = file.read()
        return found

    def text(self, name):
        return self.files()[name].decode()

    def body(self, name):
        return self.text(name).split("---\n", 2)[2]

    def edit(self, name, before, after):
        text = self.text(name)
        self.assertIn(before, text)
        self.write("expected/" + name, text.replace(before, after))

    def accept(self, *arguments, expect=0):
        result = self.proctor("accept", *arguments, expect=expect)
        return [" ".join(line.split()) for line in result.stdout.splitlines()]

    def verdicts(self, *arguments):
        return self.classes(self.check(*arguments))


class Accept(Accepting):
    def test_twice_is_the_same_as_once(self):
        self.lesson(COUNTER, SET, CLOCK, OBJECT, LOCK)
        names = [f"lesson/part/{number}.1.txt" for number in range(1, 6)]
        self.assertEqual(self.verdicts("lesson.md"), ["ran", "ran", "ran", "ran", "hung"])
        self.assertEqual(self.accept("lesson.md"), ["written expected/" + name for name in names])
        before = {name: os.stat(self.path("expected/" + name)) for name in names}
        texts = self.files()
        self.assertEqual(self.accept("lesson.md"), ["unchanged expected/" + name for name in names])
        self.assertEqual(self.files(), texts)
        for name in names:
            after = os.stat(self.path("expected/" + name))
            self.assertEqual((after.st_ino, after.st_mtime_ns),
                             (before[name].st_ino, before[name].st_mtime_ns))
        for _ in range(3):
            self.assertEqual(self.verdicts("lesson.md"), ["verified"] * 5)

    def test_what_varies_becomes_a_matcher(self):
        self.lesson(COUNTER, SET, CLOCK, OBJECT, LOCK)
        self.accept("--all")
        self.assertEqual(self.body("lesson/part/1.1.txt"), "ada 3\ngrace 5\n")
        self.assertEqual(self.body("lesson/part/2.1.txt"),
                         "names: {'{:text}'}\n{unordered}\nada\nbarbara\nedsger\ngrace\nlinus\n"
                         "{end}\nend\n")
        self.assertEqual(self.body("lesson/part/3.1.txt"),
                         "Elapsed time: {elapsed_time:seconds}s\n")
        self.assertEqual(self.body("lesson/part/4.1.txt"),
                         "<__main__.Plain object at {:address}>\nid: {id:int}\n")
        self.assertIn("outcome: deadlocks at 4\n", self.text("lesson/part/5.1.txt"))

    def test_one_block_by_its_name(self):
        self.lesson(COUNTER, CLOCK)
        self.assertEqual(self.accept("part/2.1"), ["written expected/lesson/part/2.1.txt"])
        self.assertEqual(self.accept("lesson.md:8"), ["written expected/lesson/part/1.1.txt"])

    def test_an_edited_block_has_changed(self):
        self.lesson(COUNTER)
        self.accept("--all")
        self.lesson(COUNTER.replace("len(name)", "len(name) + 1"))
        report = self.check("lesson.md", expect=1)
        self.assertEqual(self.classes(report), ["changed"])
        self.assertEqual(self.accept("--all"), ["changed expected/lesson/part/1.1.txt"])
        self.assertEqual(self.verdicts("lesson.md"), ["verified"])

    def test_what_cannot_be_accepted_is_refused(self):
        self.lesson(block("print(missing)"), block("import no_such_module"), block("x = = 1"),
                    COUNTER)
        for number, word in ((1, "fragment"), (2, "needs"), (3, "unparsable")):
            result = self.proctor("accept", f"part/{number}.1", expect=1)
            self.assertIn(word, result.stderr)
        self.assertEqual(self.files(), {})
        lines = self.accept("lesson.md")
        self.assertEqual(lines[-1], "written expected/lesson/part/4.1.txt")
        self.assertTrue(all(line.startswith("left out") for line in lines[:-1]), lines)

    def test_what_ends_in_several_ways_is_refused(self):
        self.lesson(block("import sys", "sys.exit(1 + hash('a') % 100)"))
        result = self.proctor("accept", "part/1.1", expect=1)
        self.assertIn("does not end the same way each time", result.stderr)
        self.assertEqual(self.files(), {})

    def test_under_earlier_blocks(self):
        self.write("lesson.md", "# Lesson\n\n## Part\n\n", block("total = 3"),
                   block("print(total + 1)"))
        self.accept("lesson.md:11")
        (name,) = self.files()
        self.assertEqual(self.body(name), "4\n")
        self.assertEqual(self.verdicts("lesson.md"), ["ran", "verified"])

    def test_what_was_written_by_hand_stays(self):
        self.lesson(block("print('first', 1)", "print('second', 2)"))
        self.accept("--all")
        name = "lesson/part/1.1.txt"
        self.edit(name, "first 1", "first {n:int}")
        self.edit(name, "outcome: finishes\n", "# by hand\noutcome: finishes\nwhere:\n  - n < 9\n")
        edited = self.text(name)
        self.assertEqual(self.accept("--all"), ["unchanged expected/" + name])
        self.assertEqual(self.text(name), edited)
        self.lesson(block("print('first', 2)", "print('third', 3)"))
        self.accept("--all")
        self.assertEqual(self.body(name), "first {n:int}\nthird 3\n")
        self.assertIn("# by hand\n", self.text(name))
        self.assertIn("where:\n  - n < 9\n", self.text(name))

    def test_a_relation_that_fails_is_not_accepted_away(self):
        self.lesson(block("print('n', 1)"))
        self.accept("--all")
        name = "lesson/part/1.1.txt"
        self.edit(name, "n 1", "n {n:int}")
        self.edit(name, "outcome: finishes\n", "outcome: finishes\nwhere:\n  - n > 5\n")
        self.assertEqual(self.verdicts("lesson.md"), ["changed"])
        result = self.proctor("accept", "--all", expect=1)
        self.assertIn("n > 5: does not hold: 1 and 5", result.stderr)

    def test_nothing_is_accepted_in_ci(self):
        self.lesson(COUNTER)
        self.environment["CI"] = "true"
        for command in ("accept", "review"):
            result = self.proctor(command, "lesson.md", expect=2)
            self.assertIn("CI=true", result.stderr)
        self.assertEqual(self.files(), {})

    def test_line_ends_and_mark_stay(self):
        self.lesson(COUNTER)
        self.accept("--all")
        name = "lesson/part/1.1.txt"
        crlf = b"\xef\xbb\xbf" + self.files()[name].replace(b"\n", b"\r\n")
        self.write("expected/" + name, crlf)
        self.assertEqual(self.verdicts("lesson.md"), ["verified"])
        self.assertEqual(self.accept("--all"), ["unchanged expected/" + name])
        self.lesson(COUNTER.replace("grace", "linus"))
        self.accept("--all")
        text = self.files()[name]
        self.assertTrue(text.startswith(b"\xef\xbb\xbf---\r\n"))
        self.assertTrue(text.endswith(b"---\r\nada 3\r\nlinus 5\r\n"))
        self.assertEqual(text.count(b"\n"), text.count(b"\r\n"))

    def test_a_read_only_file_is_left(self):
        self.lesson(COUNTER, CLOCK)
        self.accept("--all")
        name = "lesson/part/1.1.txt"
        os.chmod(self.path("expected/" + name), 0o444)
        before = self.text(name)
        self.lesson(COUNTER.replace("grace", "linus"), CLOCK.replace("Elapsed", "Other"))
        result = self.proctor("accept", "--all", expect=3)
        self.assertIn("read-only", result.stderr)
        self.assertEqual(self.text(name), before)
        self.assertEqual(stat.S_IMODE(os.stat(self.path("expected/" + name)).st_mode), 0o444)
        self.assertIn("other_time", self.text("lesson/part/2.1.txt"))

    def test_a_broken_file_is_a_problem_and_stays(self):
        self.lesson(COUNTER)
        self.write("expected/lesson/part/1.1.txt", "---\nsniped: 0123456\n---\n")
        result = self.proctor("check", "lesson.md", expect=1)
        self.assertIn("expected/lesson/part/1.1.txt:2: unknown key 'sniped'",
                      result.stdout + result.stderr)
        self.assertEqual(self.verdicts("lesson.md"), ["changed"])
        result = self.proctor("accept", "--all", expect=1)
        self.assertIn("unknown key 'sniped'", result.stderr)
        self.assertEqual(self.text("lesson/part/1.1.txt"), "---\nsniped: 0123456\n---\n")

    def test_another_folder(self):
        self.lesson(COUNTER)
        self.assertEqual(self.accept("--expected", "golden", "lesson.md"),
                         ["written golden/lesson/part/1.1.txt"])
        self.assertEqual(self.verdicts("lesson.md"), ["ran"])
        self.assertEqual(self.verdicts("--expected", "golden", "lesson.md"), ["verified"])
        self.assertEqual(self.verdicts("--expected", "golden", "."), ["verified"])
        self.proctor("check", "--expected", "nowhere", "lesson.md", expect=2)

    def test_another_python_has_a_part_of_its_own(self):
        folder = os.environ.get("PROCTOR_WORKER_DIR", os.path.dirname(PROCTOR))
        versions = [name.rpartition("-")[2] for name in os.listdir(folder)
                    if name.startswith("proctor-worker-")]
        usual = ".".join(platform_version())
        others = [version for version in versions if version != usual]
        if not others:
            self.skipTest("no other Python is here")
        self.lesson(block("import sys", "print('on', sys.version_info[1])"), COUNTER)
        self.accept("--all")
        before = self.files()
        self.assertEqual(self.verdicts("--python", others[0], "lesson.md"),
                         ["changed", "verified"])
        lines = self.accept("--all", "--python", others[0])
        self.assertEqual(lines, ["changed expected/lesson/part/1.1.txt",
                                 "unchanged expected/lesson/part/2.1.txt"])
        name = "lesson/part/1.1.txt"
        minor = others[0].split(".")[1]
        self.assertEqual(self.text(name), before[name].decode() +
                         f"---\npython: {others[0]}\noutcome: finishes\n---\non {minor}\n")
        for version in (usual, others[0]):
            self.assertEqual(self.verdicts("--python", version, "lesson.md"), ["verified"] * 2)

    def test_which_blocks_must_be_said(self):
        self.lesson(COUNTER)
        self.proctor("accept", expect=2)
        self.proctor("accept", "--all", "lesson.md", expect=2)
        self.proctor("accept", "nothing/9.9", expect=2)


class Following(Accepting):
    def test_a_renumbered_question_takes_its_expectation_along(self):
        self.lesson(COUNTER, CLOCK)
        self.accept("--all")
        before = self.files()
        self.lesson(SET, COUNTER, CLOCK)
        self.assertEqual(self.verdicts("lesson.md"), ["ran", "verified", "verified"])
        lines = self.accept("--all")
        self.assertEqual(sorted(lines), [
            "moved expected/lesson/part/1.1.txt -> expected/lesson/part/2.1.txt",
            "moved expected/lesson/part/2.1.txt -> expected/lesson/part/3.1.txt",
            "written expected/lesson/part/1.1.txt"])
        after = self.files()
        self.assertEqual(after["lesson/part/2.1.txt"], before["lesson/part/1.1.txt"])
        self.assertEqual(after["lesson/part/3.1.txt"], before["lesson/part/2.1.txt"])
        self.assertEqual(self.verdicts("lesson.md"), ["verified"] * 3)

    def test_questions_that_change_places(self):
        self.lesson(COUNTER, CLOCK)
        self.accept("--all")
        before = self.files()
        self.lesson(CLOCK, COUNTER)
        self.accept("--all")
        after = self.files()
        self.assertEqual(after["lesson/part/1.1.txt"], before["lesson/part/2.1.txt"])
        self.assertEqual(after["lesson/part/2.1.txt"], before["lesson/part/1.1.txt"])
        self.assertEqual(len(after), 2)

    def test_the_place_of_another_is_not_taken(self):
        self.lesson(COUNTER, CLOCK)
        self.accept("--all")
        before = self.files()
        self.lesson(SET, COUNTER, CLOCK)
        result = self.proctor("accept", "part/1.1", expect=3)
        self.assertIn("accept that as well", result.stderr)
        self.assertEqual(self.files(), before)

    def test_what_is_stale_is_not_overwritten(self):
        self.lesson(COUNTER, CLOCK)
        self.accept("--all")
        before = self.files()
        self.lesson(CLOCK)
        self.assertEqual(self.verdicts("lesson.md"), ["verified"])
        result = self.proctor("accept", "--all", expect=3)
        self.assertIn("--remove-stale", result.stderr)
        self.assertEqual(self.files(), before)
        self.assertEqual(self.accept("--all", "--remove-stale"), [
            "removed expected/lesson/part/1.1.txt",
            "moved expected/lesson/part/2.1.txt -> expected/lesson/part/1.1.txt"])
        self.assertEqual(self.files(),
                         {"lesson/part/1.1.txt": before["lesson/part/2.1.txt"]})

    def test_from_another_folder(self):
        os.makedirs(self.path("course"))
        self.lesson(COUNTER, CLOCK, name="course/lesson.md")
        self.accept("course/lesson.md")
        self.lesson(COUNTER.replace("grace", "linus"), CLOCK, name="course/lesson.md")
        for path in ("course/lesson.md", "course", "."):
            self.assertEqual(self.verdicts(path), ["changed", "verified"], path)
        self.assertEqual(self.accept("--all")[0], "changed expected/course/lesson/part/1.1.txt")

    def test_stale_ones_are_listed_and_removed(self):
        self.lesson(COUNTER, CLOCK)
        self.accept("--all")
        self.lesson(COUNTER)
        result = self.proctor("check", expect=0)
        self.assertIn("expected/lesson/part/2.1.txt: no block has this expectation",
                      result.stdout)
        self.assertEqual(len(self.files()), 2)
        self.assertEqual(self.accept("--remove-stale"), ["removed expected/lesson/part/2.1.txt"])
        self.assertEqual(list(self.files()), ["lesson/part/1.1.txt"])
        self.assertEqual(self.accept("--remove-stale"), [])

    def test_what_other_documents_have_is_not_stale(self):
        self.lesson(COUNTER)
        self.lesson(CLOCK, name="other.md")
        self.accept("--all")
        self.assertEqual(self.accept("--remove-stale", "lesson.md"),
                         ["unchanged expected/lesson/part/1.1.txt"])
        os.remove(self.path("other.md"))
        self.assertEqual(self.accept("--remove-stale"), ["removed expected/other/part/1.1.txt"])


class Places(Accepting):
    """No document takes what another has, whatever paths are named."""

    def setUp(self):
        super().setUp()
        for folder in ("a", "b"):
            os.makedirs(self.path(folder))

    def test_the_same_name_in_two_folders(self):
        self.lesson(COUNTER, name="a/intro.md")
        self.lesson(CLOCK, name="b/intro.md")
        for folder in ("a", "b"):
            self.assertEqual(self.accept(folder),
                             [f"written expected/{folder}/intro/part/1.1.txt"])
        for path in (".", "a", "a/intro.md", "b", "b/intro.md"):
            self.assertEqual(set(self.verdicts(path)), {"verified"}, path)

    def test_the_same_name_further_up(self):
        self.lesson(COUNTER, name="README.md")
        self.accept("README.md")
        before = self.files()
        self.lesson(CLOCK, name="a/README.md")
        self.lesson(COUNTER, name="b/README.md")
        self.assertEqual(self.verdicts("a/README.md", "b/README.md"), ["ran", "ran"])
        for folder in ("a", "b"):
            self.assertEqual(self.accept(f"{folder}/README.md"),
                             [f"written expected/{folder}/README/part/1.1.txt"])
        self.assertEqual(self.text("README/part/1.1.txt").encode(), before["README/part/1.1.txt"])
        self.assertEqual(self.accept("--remove-stale", "a"),
                         ["unchanged expected/a/README/part/1.1.txt"])
        self.assertEqual(len(self.files()), 3)

    def test_the_same_name_with_another_extension(self):
        self.lesson(COUNTER)
        self.lesson(CLOCK, name="lesson.txt")
        self.accept("lesson.md")
        self.assertEqual(self.accept("lesson.txt"), ["written expected/lesson.txt/part/1.1.txt"])
        self.assertEqual(self.verdicts("."), ["verified"] * 2)

    def test_a_copy_gets_a_file_of_its_own(self):
        self.lesson(COUNTER)
        self.accept("lesson.md")
        self.lesson(COUNTER, name="copy.md")
        self.assertEqual(self.accept("copy.md"), ["written expected/copy/part/1.1.txt"])
        self.lesson(SET, name="lesson.md")
        self.lesson(CLOCK, COUNTER, name="other.md")
        self.assertEqual(self.accept("other.md"), ["written expected/other/part/1.1.txt",
                                                   "written expected/other/part/2.1.txt"])

    def test_a_document_that_was_renamed(self):
        self.lesson(COUNTER)
        self.accept("lesson.md")
        os.rename(self.path("lesson.md"), self.path("a/new.md"))
        self.assertEqual(self.accept("a/new.md"),
                         ["moved expected/lesson/part/1.1.txt -> expected/a/new/part/1.1.txt"])

    def test_names_that_lead_elsewhere(self):
        for name in ("...md", "..md", "a\nb.md"):
            self.lesson(COUNTER, name=name)
            result = self.proctor("accept", name, expect=1)
            self.assertIn("not accepted", result.stderr)
            self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
            os.remove(self.path(name))
        self.assertEqual(self.files(), {})
        self.assertFalse(os.path.exists(self.path("part")))

    def test_the_place_of_a_document_is_not_a_sections(self):
        os.makedirs(self.path("lesson"))
        self.lesson(COUNTER)
        self.write("lesson/part.md", "# Part\n\n", question(1, CLOCK))
        self.accept("lesson/part.md")
        before = self.files()
        result = self.proctor("accept", "lesson.md", expect=1)
        self.assertIn("its place belongs to another document", result.stderr)
        self.accept("--remove-stale", "lesson/part.md")
        self.assertEqual(self.files(), before)


class Review(Accepting):
    def setUp(self):
        super().setUp()
        self.lesson(COUNTER, CLOCK)
        self.accept("--all")
        self.before = self.files()
        self.lesson(COUNTER.replace("grace", "linus"), CLOCK.replace("Elapsed", "Other"))

    def review(self, answers, *arguments, expect=None):
        return self.proctor("review", *arguments, input=answers, expect=expect)

    def test_accept_makes_it_verified(self):
        result = self.review("a\na\n", expect=0)
        self.assertIn("-grace 5", result.stdout)
        self.assertIn("+linus 5", result.stdout)
        self.assertEqual(self.verdicts("lesson.md"), ["verified"] * 2)
        self.assertIn("nothing to review", self.review("", expect=0).stdout)

    def test_reject_and_skip_leave_it(self):
        result = self.review("r\ns\n", expect=1)
        self.assertIn("lesson.md:", result.stdout)
        self.assertEqual(self.files(), self.before)

    def test_the_end_of_input_leaves_what_is_not_written(self):
        for answers in ("", "x\n", "q\n"):
            self.review(answers, expect=1)
            self.assertEqual(self.files(), self.before)
        self.review("a\n", expect=1)
        after = self.files()
        self.assertNotEqual(after["lesson/part/1.1.txt"], self.before["lesson/part/1.1.txt"])
        self.assertEqual(after["lesson/part/2.1.txt"], self.before["lesson/part/2.1.txt"])

    def test_an_editor_has_the_last_word(self):
        self.environment["EDITOR"] = "sed -i s/linus/{who:word}/"
        self.review("e\nq\n", expect=1)
        self.assertEqual(self.body("lesson/part/1.1.txt"), "ada 3\n{who:word} 5\n")

    def test_what_was_edited_must_fit(self):
        self.environment["VISUAL"] = "sed -i s/linus/tove/"
        result = self.review("e\nq\n", expect=1)
        self.assertIn("does not fit", result.stderr)
        self.environment["VISUAL"] = "sed -i s/outcome/outcom/"
        result = self.review("e\nq\n", expect=1)
        self.assertIn("unknown key 'outcom'", result.stderr)
        self.environment["VISUAL"] = "false"
        self.review("e\nq\n", expect=1)
        self.assertEqual(self.files(), self.before)

    def test_new_ones_on_request(self):
        self.write("other.md", "# Other\n\n## Part\n\n", question(1, SET))
        self.review("a\na\n", expect=0)
        self.assertNotIn("other/part/1.1.txt", self.files())
        self.review("a\n", "--new", expect=0)
        self.assertIn("other/part/1.1.txt", self.files())

    def wait_for_question(self, process):
        text = b""
        while b"[q]uit ?" not in text:
            self.assertTrue(select.select([process.stdout], [], [], 60)[0], text)
            piece = os.read(process.stdout.fileno(), 65536)
            self.assertTrue(piece, text)
            text += piece

    def test_a_file_that_changed_meanwhile_is_left(self):
        name = "lesson/part/1.1.txt"
        with self.start("review", stdin=subprocess.PIPE, text=False, errors=None) as process:
            self.wait_for_question(process)
            self.write("expected/" + name, self.before[name], b"somebody else\n")
            _, errors = process.communicate(b"a\nq\n", timeout=60)
        self.assertEqual(process.returncode, 3, errors)
        self.assertIn(b"changed after it was read", errors)
        self.assertEqual(self.files()[name], self.before[name] + b"somebody else\n")

    def test_a_killed_review_leaves_everything(self):
        with self.start("review", stdin=subprocess.PIPE, text=False, errors=None) as process:
            self.wait_for_question(process)
            process.kill()
            process.communicate(timeout=60)
        self.assertEqual(self.files(), self.before)


if __name__ == "__main__":
    main()
