"""Since when a block is what it is."""

import json
import os
import shutil
import signal

import support
from gitted import Hourly, question

OTHER = question("other = [1, 2]", "print(other)  # [1, 2]", number=1)


class Bisect(Hourly):
    def bisect(self, *arguments, expect=0):
        result = self.proctor("bisect", "--json", "-", *arguments, expect=expect)
        return json.loads(result.stdout)

    def culprits(self, *arguments):
        return [commit["id"] for commit in self.bisect(*arguments)["commits"]]

    def test_all_that_is_said(self):
        self.commit("Ask", bank=question("x = [1, 2]", "print(x)  # [1, 2]"))
        self.commit("Say more", bank=question("x = [1, 2]", "print(x)  # [1, 2]", prose="Think."))
        culprit = self.commit("A longer list",
                              bank=question("x = [1, 2]", "x.append(3)", "print(x)  # [1, 2]",
                                            prose="Think."))
        head = self.commit("Ask before", bank=OTHER + question(
            "x = [1, 2]", "x.append(3)", "print(x)  # [1, 2]", number=2, prose="Think harder."))
        self.proctor("check", expect=1)  # which said that it is false
        result = self.proctor("bisect", "bank/2.1", expect=0)
        text, counts = result.stdout.rsplit("\n\n", 1)
        self.assertEqual(text, f"""\
./bank.md:17: false at HEAD ({head[:7]}): says '[1, 2]', printed [1, 2, 3]
false since this commit:
  {culprit[:7]}  A longer list
           Ada Lind, 2023-11-15 02:13 +0100
           ./bank.md:6: its code changed

  before  verified
          | [1, 2]
  since   false: says '[1, 2]', printed [1, 2, 3]
          | [1, 2, 3]

 x = [1, 2]
+x.append(3)
 print(x)  # [1, 2]""")
        self.assertRegex(counts, r"^4 commits looked at, 2 states, 1 run, "
                                 r"\d results? (?:was|were) known; [0-9.]+ s\n$")

        again = self.bisect("bank/2.1")
        self.assertEqual(again["runs"], 0)
        self.assertEqual([commit["id"] for commit in again["commits"]], [culprit])
        self.assertTrue(again["certain"])

    def test_what_is_fine(self):
        """Since when; what it always was is nothing to be found."""
        asked = self.commit("Ask", bank=question("print(1)  # 2"))
        mended = self.commit("Mend", bank=question("print(1)  # 1"))
        self.write("bank.md", question("print(1)  # 3"))  # not committed
        result = self.proctor("bisect", "bank/1.1", expect=0)
        self.assertIn(f"verified since this commit:\n  {mended[:7]}  Mend\n", result.stdout)
        self.assertIn("\n  before  false: says '2', printed 1\n", result.stdout)
        self.assertEqual(self.culprits("--rev", "HEAD~1", "bank/1.1"), [asked])

    def test_what_was_always_fine(self):
        first = self.commit("Ask", bank=question("print(1)"))
        self.commit("Prose", bank=question("print(1)", prose="Else."))
        result = self.proctor("bisect", "bank/1.1", expect=4)
        self.assertIn(f"\nran since it is there: {first[:7]}\n", result.stdout)

    def test_it_is_no_block_for_a_while(self):
        """Indented code with a syntax error is none."""
        def bank(y, last, prose=""):
            return f"# Bank\n\n### 1. Sum\n\nLook.{prose}\n\n    x = 1\n    y = {y}\n    {last}\n"
        first = self.commit("Ask", bank=bank(2, "print(x + y)  # 3"))
        broken = self.commit("Slip", bank=bank(5, "print(x + y  # 3"))
        restored = self.commit("Restore", bank=bank(5, "print(x + y)  # 3"))
        self.commit("Prose", bank=bank(5, "print(x + y)  # 3", " Twice."))
        report = self.bisect("bank/1.1")
        self.assertEqual([commit["id"] for commit in report["commits"]], [restored, broken])
        self.assertEqual([commit["change"] for commit in report["commits"]],
                         ["its code changed", ""])
        self.assertFalse(report["certain"])
        self.assertEqual(report["before"]["class"], "verified")
        text = self.proctor("history", "bank/1.1", expect=0).stdout
        self.assertIn(f"{first[:7]}  2023-11-15  Ada Lind: Ask\n", text)
        self.assertIn(f"{restored[:7]}  2023-11-15  Ada Lind: Restore; its code changed\n", text)

    def test_several_may_be_it(self):
        self.commit("Ask", bank=question("print(1)  # 1"))
        half = self.commit("Half", bank=question("print(1  # 1"))
        self.commit("Prose", bank=question("print(1  # 1", prose="Else."))
        rest = self.commit("The rest", bank=question("print(1)  # 2"))
        report = self.bisect("bank/1.1")
        self.assertEqual([commit["id"] for commit in report["commits"]], [rest, half])
        self.assertEqual([commit["state"] for commit in report["commits"]], [None, "unparsable"])
        self.assertFalse(report["certain"])
        self.assertEqual(report["before"]["class"], "verified")
        text = self.proctor("bisect", "bank/1.1", expect=0).stdout
        self.assertIn("false since one of these 2 commits; it could not be run in between:", text)

    def test_a_configuration_that_could_not_be_read(self):
        self.commit("Ask", bank=question("print(1)  # 1"))
        self.write("bank.yaml", "timeout: [\n")
        broken = self.commit("Configure", bank=question("print(1)  # 2"))
        os.unlink(self.path("bank.yaml"))
        mended = self.commit("Mend the configuration")
        report = self.bisect("bank/1.1")
        self.assertEqual([commit["id"] for commit in report["commits"]], [mended, broken])
        self.assertIn("bank.yaml:", report["commits"][1]["state"])

    def versions(self):
        """Five commits, false from the second on; their ids."""
        self.commit("Begin", other=OTHER)
        return [self.commit(f"v{number}", bank=question(f"print({number})  # 2"))
                for number in range(2, 7)]

    def test_a_document_that_git_does_not_have(self):
        """That is not one without the block."""
        ids = self.versions()
        self.lose(f"{ids[2]}:bank.md")  # of v4
        report = self.bisect("bank/1.1")
        self.assertEqual([commit["id"] for commit in report["commits"]], [ids[1]])
        self.assertEqual(report["commits"][0]["change"], "its code changed")
        lost = self.lose(f"{ids[1]}:bank.md")  # of v3
        report = self.bisect("bank/1.1")
        self.assertEqual([commit["id"] for commit in report["commits"]],
                         [ids[3], ids[2], ids[1]])
        self.assertEqual(report["commits"][0]["change"], "")
        self.assertIn(f"git's object {lost} is missing", report["commits"][2]["state"])
        self.assertEqual(report["before"]["class"], "verified")
        self.assertFalse(report["certain"])

    def test_no_older_document_that_git_has(self):
        ids = [self.commit(f"v{number}", bank=question(f"print({number})  # 2"))
               for number in (2, 3, 4)]
        lost = [self.lose(f"{commit}:bank.md") for commit in ids[:2]]
        result = self.proctor("bisect", "bank/1.1", expect=3)
        self.assertEqual(result.stdout, "")
        self.assertRegex(result.stderr, f"^proctor: bank.md in commit {ids[1][:7]} cannot be read: "
                         f"git's object {lost[1]} is missing .*\n$")

    def test_another_document_that_git_does_not_have(self):
        self.commit("Ask", bank=question("print(1)  # 1"), other=OTHER)
        self.commit("More", bank=question("print(1 + 0)  # 1"), other=OTHER + "\nLook.\n")
        culprit = self.commit("Less", bank=question("print(2)  # 1"))
        self.commit("Other", other=OTHER)
        self.lose(f"{culprit}:other.md")
        self.assertEqual(self.culprits("bank/1.1"), [culprit])

    def test_a_partial_clone(self):
        ids = self.versions()
        clone = self.path(".temporary") + "-clone"
        self.git("config", "uploadpack.allowFilter", "true")
        self.git("clone", "--quiet", "--filter=blob:none", f"file://{self.folder}", clone)
        self.addCleanup(shutil.rmtree, clone)
        report = json.loads(self.proctor("bisect", "--json", "-", "bank/1.1", cwd=clone,
                                         expect=0).stdout)
        # There is no such document in the first, which is known without its text.
        self.assertEqual([commit["id"] for commit in report["commits"]], ids[::-1])
        self.assertIn("this is a partial clone", report["commits"][1]["state"])

    def test_a_branch(self):
        self.commit("Ask", bank=question("print(1)  # 1"))
        self.git("switch", "--quiet", "--create", "side")
        culprit = self.commit("Aside", bank=question("print(1)  # 2"))
        self.git("switch", "--quiet", "main")
        self.commit("Meanwhile", other=OTHER)
        self.git("merge", "--quiet", "--no-edit", "side")
        self.commit("Later", other=OTHER + "\nSo be it.\n")
        self.assertEqual(self.culprits("bank/1.1"), [culprit])

    def test_one_document_of_several(self):
        """It has moved between documents, and been renamed, and only one is named."""
        code = question("x = sorted([3, 1])", "print(x)  # [1, 3]")
        false = code.replace("# [1, 3]", "# [3, 1]")
        self.commit("Ask", one=OTHER + code, other="# Other\n\n" + question("print(7)  # 7"))
        culprit = self.commit("Slip", one=OTHER + false)
        self.commit("Move", one=OTHER, other="# Other\n\n" + false + question("print(7)  # 7"))
        self.git("mv", "other.md", "renamed.md")
        self.commit("Rename")
        with open(self.path("renamed.md"), encoding="utf-8") as file:
            lines = file.read().split("\n")
        line = lines.index("print(x)  # [3, 1]") + 1
        self.assertEqual(self.culprits(f"renamed.md:{line}"), [culprit])
        self.assertEqual(self.culprits("renamed/1.1", "renamed.md"), [culprit])
        self.assertEqual(self.culprits("renamed/1.1"), [culprit])

    def test_a_folder_below_the_repository(self):
        os.mkdir(self.path("docs"))
        self.write("docs/bank.md", question("print(1)  # 1"))
        self.commit("Ask")
        self.write("docs/bank.md", question("print(1)  # 2"))
        culprit = self.commit("Slip")
        self.commit("Later", other=OTHER)
        self.assertEqual(self.culprits("docs/bank/1.1"), [culprit])
        self.assertEqual(self.culprits("bank/1.1", "docs"), [culprit])
        result = self.proctor("bisect", "bank/1.1", cwd=self.path("docs"), expect=0)
        self.assertIn(culprit[:7], result.stdout)

    def test_false_from_the_first(self):
        first = self.commit("Ask", bank=question("print(1)  # 2"))
        self.commit("Later", other=OTHER)
        report = self.bisect("bank/1.1")
        self.assertEqual([commit["id"] for commit in report["commits"]], [first])
        self.assertIsNone(report["before"])
        added = self.commit("Ask more", new=question("print(5)  # 6"))
        report = self.bisect("new/1.1")
        self.assertEqual([commit["id"] for commit in report["commits"]], [added])
        self.assertEqual(report["commits"][0]["change"], "it is new")

    def test_a_shallow_clone(self):
        for number in range(4):
            self.commit("Ask", bank=question("print(1)  # 2", prose=f"{number} times."))
        self.git("clone", "--quiet", "--depth=2", f"file://{self.folder}", self.path("clone"))
        result = self.proctor("bisect", "bank/1.1", cwd=self.path("clone"), expect=0)
        self.assertIn("or before: the clone is shallow, and ends there", result.stdout)
        report = json.loads(self.proctor("bisect", "--json", "-", "bank/1.1",
                                         cwd=self.path("clone"), expect=0).stdout)
        self.assertFalse(report["certain"])

    def test_other_classes(self):
        hung = ["import threading", "lock = threading.Lock()", "lock.acquire()"]
        self.commit("Ask", bank=question("print(1)"), two=question("print(2)"))
        hangs = self.commit("Wait", bank=question(*hung, "lock.acquire()"))
        raises = self.commit("Raise", two=question("print(2)", "{}[1]"))
        self.commit("Note", two=question("print(2)", "x = 1", "{}[1]"))
        self.assertEqual(self.culprits("bank/1.1"), [hangs])
        self.assertEqual(self.culprits("two/1.1"), [raises])

    def test_what_it_refuses(self):
        self.commit("Ask", bank=question("print(1)  # 2"))
        for arguments, words in (((), "which block?"), (("nothing/1.1",), "no snippet is called"),
                                 (("bank/1.1", "--rev", "nowhere"), "nowhere"),
                                 (("bank/1.1", "nowhere.md"), "nowhere.md")):
            result = self.proctor("bisect", *arguments, expect=2)
            self.assertIn(words, result.stderr)
            self.assertEqual(result.stdout, "")

    def test_interrupted(self):
        """Ctrl-C while one is run: nothing is left."""
        slow = ["import time", "print(flush=True)", "time.sleep(60)"]
        self.commit("Ask", bank=question("print(1)  # 1"))
        pipe = self.path("pipe")
        os.mkfifo(pipe)
        self.commit("Wait", bank=question(f"open({pipe!r}, 'w').close()", *slow, "1  # 2"))
        with self.start("bisect", "bank/1.1") as process:
            with open(pipe, encoding="utf-8"):  # it runs
                process.send_signal(signal.SIGINT)
                stdout, stderr = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 3)
        self.assertEqual(stdout, "")
        self.assertIn("interrupted", stderr)
        self.assertEqual(os.listdir(self.temporary), [])


class NoRepository(support.Folder):
    def test_without_a_repository(self):
        self.write("bank.md", question("print(1)  # 2"))
        result = self.proctor("bisect", "bank/1.1", expect=2)
        self.assertIn("repository", result.stderr)


if __name__ == "__main__":
    support.main()
