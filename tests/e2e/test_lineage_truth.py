"""What proctor says about a repository of several hundred commits, against what is true of it."""

import collections
import json
import os
import re
import resource
import shutil
import tempfile
import unittest

import repository
import scenes
import support

SECONDS = 2  # of the processor, that a bisect may take


def setUpModule():
    global MAKER, REPOSITORY, CACHE
    folder = tempfile.mkdtemp(prefix="proctor-e2e-truth-")
    unittest.addModuleCleanup(shutil.rmtree, folder)
    REPOSITORY = os.path.join(folder, "repository")
    CACHE = os.path.join(folder, "cache")
    MAKER = repository.Maker().make(scenes.SCENES)
    MAKER.write(REPOSITORY)


class Truth(support.Folder):
    def setUp(self):
        super().setUp()
        self.environment["XDG_CACHE_HOME"] = CACHE

    def run_there(self, *arguments, expect=None):
        return self.proctor(*arguments, cwd=REPOSITORY, expect=expect)

    def sha(self, mark):
        return MAKER.commits[mark].sha

    def message(self, mark):
        return MAKER.commits[mark].message


class Made(Truth):
    """The repository is what it says that it is."""

    def test_there_is_enough_of_everything(self):
        commits = MAKER.commits.values()
        self.assertGreaterEqual(len(commits), 300)
        self.assertGreaterEqual(sum(commit.is_prose for commit in commits), 30)
        self.assertGreaterEqual(sum(len(commit.parents) > 1 for commit in commits), 10)
        self.assertEqual(len({planted.name for planted in MAKER.planted}), len(MAKER.planted))
        self.assertGreaterEqual(len(MAKER.planted), 20)

    def test_what_becomes_of_each_block(self):
        """Of the last commit, and of one in the middle of all that is broken meanwhile."""
        for mark in (MAKER.head, len(MAKER.commits) // 2):
            result = self.run_there("check", "--rev", self.sha(mark), "--json", "-")
            found = {each["id"]: (each["class"], each["line"])
                     for each in json.loads(result.stdout)["snippets"]}
            self.assertEqual(found, {known.id: (known.class_, known.line)
                                     for known in MAKER.commits[mark].known.values()})


class Since(Truth):
    """Only what changed is run, wherever it stands now."""

    def since(self, before, after):
        result = self.run_there("check", "--rev", self.sha(after), "--since", self.sha(before),
                                "--json", "-")
        report = json.loads(result.stdout)
        found = {snippet["id"] for snippet in report["snippets"]}
        self.assertEqual(found, MAKER.changed(before, after),
                         (before, after, self.message(after)))
        return report

    def pairs(self):
        """Each planted commit and its parents, merges, and every twentieth commit."""
        marks = {mark for planted in MAKER.planted for mark in planted.culprits}
        marks.update(mark for mark, commit in MAKER.commits.items()
                     if len(commit.parents) > 1 or mark % 20 == 0)
        return [(parent, mark) for mark in sorted(marks) for parent in MAKER.commits[mark].parents]

    def test_from_one_commit_to_the_next(self):
        pairs = self.pairs()
        self.assertGreater(len(pairs), 60)
        self.assertGreater(sum(len(MAKER.changed(*pair)) for pair in pairs), 60)
        for pair in pairs:
            with self.subTest(pair=pair, message=self.message(pair[1])):
                self.since(*pair)

    def test_over_many_commits(self):
        for before in range(3, MAKER.head - 40, 60):
            for distance in (12, 40):
                with self.subTest(before=before, distance=distance):
                    self.since(before, before + distance)

    def test_prose_runs_nothing(self):
        prose = [commit for commit in MAKER.commits.values() if commit.is_prose][::6]
        self.environment["XDG_CACHE_HOME"] = self.cache  # nothing is known from elsewhere
        self.count_workers()
        for commit in prose:
            with self.subTest(mark=commit.mark, message=commit.message):
                report = self.since(commit.parents[0], commit.mark)
                self.assertEqual(report["blocks"], 0)
        self.assertEqual(self.starts(), 0)
        self.run_there("check", "--rev", self.sha(MAKER.head))
        self.assertGreater(self.starts(), 0)  # it would have been seen



class Diff(Truth):
    """What behaves otherwise, and how."""

    def diff(self, before, after):
        revisions = f"{self.sha(before)}..{self.sha(after)}"
        report = json.loads(self.run_there("diff", "--json", "-", revisions).stdout)
        old, new = MAKER.commits[before].known, MAKER.commits[after].known
        found = [tuple(side and side["id"] for side in (snippet["before"], snippet["after"]))
                 for snippet in report["snippets"] if snippet["because"] or not snippet["after"]]
        self.assertEqual(set(found), self.expected(old, new))
        keys = {known.id: key for key, known in new.items()}
        for snippet in report["snippets"]:
            if snippet["before"] and snippet["after"]:
                key = keys[snippet["after"]["id"]]
                self.one(snippet, old[key], new[key])
        return report

    def expected(self, old, new):
        """(id before, id after) of all that is to be compared."""
        pairs = {(known.id, None) for key, known in old.items() if key not in new}
        for key, known in new.items():
            if key not in old:
                pairs.add((None, known.id))
            elif repository.inputs(old[key]) != repository.inputs(known):
                pairs.add((old[key].id, known.id))
        return pairs

    def one(self, snippet, old, new):
        self.assertEqual(snippet["before"]["id"], old.id)
        self.assertEqual(snippet["renumbered"], old.id != new.id)
        self.assertEqual(snippet["edited"], old.source != new.source)
        if snippet["because"] is None:
            return
        self.assertEqual(snippet["before"]["class"], old.class_)
        self.assertEqual(snippet["after"]["class"], new.class_)
        news = set(snippet["news"])
        if old.prints is not None and new.prints is not None:
            self.assertEqual("output" in news, old.prints != new.prints, (old, new))
        self.assertEqual("class" in news, old.class_ != new.class_)
        can_be_compared = {old.class_, new.class_} <= {"verified", "false", "changed", "ran"}
        if can_be_compared and "false" in (old.class_, new.class_) and old.class_ != new.class_:
            self.assertEqual("became-false" in news, new.class_ == "false", (old, new))
            self.assertEqual("became-true" in news, new.class_ == "verified", (old, new))
        self.assertNotIn("time", news)

    def test_each_planted_change(self):
        marks = {mark for planted in MAKER.planted for mark in planted.culprits}
        marks.update(mark + 1 for mark in sorted(marks)[::3] if mark < MAKER.head)
        worse = 0
        for mark in sorted(marks):
            for parent in MAKER.commits[mark].parents:
                with self.subTest(before=parent, after=mark, message=self.message(mark)):
                    worse += self.diff(parent, mark)["counts"]["worse"]
        self.assertGreater(worse, 15)

    def test_over_many_commits(self):
        for before in range(3, MAKER.head - 30, 90):
            with self.subTest(before=before):
                self.diff(before, before + 30)

    def test_a_move_is_told(self):
        moves = [commit for commit in MAKER.commits.values() if "elsewhere" in commit.message]
        told = 0
        for commit in moves[::4]:
            old = MAKER.commits[commit.parents[0]].known
            moved = {known.id for key, known in commit.known.items()
                     if known.path != old[key].path}
            report = self.diff(commit.parents[0], commit.mark)
            found = {snippet["after"]["id"] for snippet in report["snippets"] if snippet["moved"]}
            self.assertLessEqual(moved, found, commit.message)
            self.assertEqual(report["counts"]["compared"], 0)
            told += len(moved)
        self.assertGreater(told, 5)


class Blame(Truth):
    """Who last wrote a line, however it moved since."""

    def lines(self):
        """(path, line, mark) of the lines of code of the last commit whose text is there once."""
        origins = MAKER.commits[MAKER.head].origins
        texts = collections.Counter(text.strip() for text, _ in origins.values())
        code = {(known.path, line) for known in MAKER.commits[MAKER.head].known.values()
                for line in range(known.line, known.line + known.source.count("\n"))}
        return [(*place, mark) for place, (text, mark) in sorted(origins.items())
                if place in code and texts[text.strip()] == 1]

    def blame(self, path, line, mark):
        result = self.run_there("blame", f"{path}:{line}", expect=0)
        rows = re.findall(r"^  (\d+)(?:-(\d+))? +([0-9a-f]{7,}) ", result.stdout, re.MULTILINE)
        found = [sha for first, last, sha in rows if int(first) <= line <= int(last or first)]
        self.assertEqual(found[:1], [self.sha(mark)[:len(found[0])] if found else None], result)

    def test_lines(self):
        lines = self.lines()
        self.assertGreater(len(lines), 200)
        planted = {mark for each in MAKER.planted for mark in each.culprits}
        chosen = lines[::16] + [each for each in lines if each[2] in planted]
        for path, line, mark in chosen:
            with self.subTest(path=path, line=line, mark=mark, message=self.message(mark)):
                self.blame(path, line, mark)


class Bisect(Truth):
    def bisect(self, planted, cache, *arguments):
        known = MAKER.commits[planted.end].known[planted.key]
        self.environment["XDG_CACHE_HOME"] = cache
        result = self.run_there("bisect", "--json", "-", "--rev", self.sha(planted.end), *arguments,
                                known.id, expect=0 if planted.culprits else 4)
        report = json.loads(result.stdout)
        self.assertEqual(report["class"], planted.class_)
        found = [commit["id"] for commit in report["commits"]]
        self.assertEqual([MAKER.by_sha(sha).mark for sha in found],
                         sorted(planted.culprits, reverse=True), (planted, result.stdout))
        return report

    def contents(self, planted):
        """How many distinct things there are, up to its end, of which something can come."""
        keys = [planted.key]
        if planted.name == "session":  # the earlier blocks of its document may be run once as well
            end = MAKER.commits[planted.end].known
            keys += [key for key, known in end.items()
                     if known.path == end[planted.key].path and known.line < end[planted.key].line]
        return sum(len({repository.inputs(commit.known[key]) for commit in MAKER.commits.values()
                        if key in commit.known}) for key in keys)

    def test_each_planted_change(self):
        """With nothing known, and again with what is known then. The time is that of the
        processor, since other programs may be busy."""
        for planted in MAKER.planted:
            with self.subTest(planted.name):
                cache = os.path.join(self.cache, planted.name)
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                first = self.bisect(planted, cache)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                # What seems false with a fixture that nobody chose is run without it as well.
                end = MAKER.commits[planted.end].known[planted.key]
                most = self.contents(planted) + (end.fixture is not None)
                self.assertLessEqual(first["runs"], most)
                self.assertLess(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
                                SECONDS)
                again = self.bisect(planted, cache)
                self.assertEqual(again["runs"], 0)
                self.places(planted, again)

    def places(self, planted, report):
        for commit in report["commits"]:
            known = MAKER.by_sha(commit["id"]).known[planted.key]
            self.assertEqual(os.path.normpath(commit["file"]), known.path)
            self.assertEqual(commit["line"], known.line)


if __name__ == "__main__":
    support.main()
