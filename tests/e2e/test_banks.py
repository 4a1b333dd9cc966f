"""Real material, where it is there."""

import os
import subprocess

from support import BANKS, Folder, main

INTERVIEW = os.path.join(BANKS, "user", "interview-questions.md")


# What the fixture of its Django snippets needs.
DJANGO = subprocess.run([os.environ["PROCTOR_PYTHON"], "-c", "import django"], check=False,
                        stderr=subprocess.DEVNULL).returncode == 0


class Banks(Folder):
    def check_interview(self, *options):
        if not os.path.exists(INTERVIEW):
            self.skipTest(f"skipped: {INTERVIEW} is absent")
        report = self.check(*options, INTERVIEW, expect=1)
        self.assertEqual(report["blocks"], 34)
        # The lock that is taken twice hangs, and the bank says so.
        self.assertEqual(report["ledger"]["hung"], 0)
        return report

    def test_all_of_the_interview_questions_run(self):
        if not DJANGO:
            self.skipTest("skipped: no Django for " + os.environ["PROCTOR_PYTHON"])
        report = self.check_interview()
        self.assertEqual(len([snippet for snippet in report["snippets"] if snippet["fixture"]]), 15)
        self.assertLessEqual(set(self.classes(report)), {"verified", "ran", "false"})
        # What is said of a variable leaves out what its call passes as well, and what
        # is said of requests is another setting's.
        contradicted = [claim for snippet in report["snippets"] for claim in snippet["claims"]
                        if claim["holds"] is False]
        self.assertEqual(len(contradicted), 2)

    def test_without_fixtures_the_rest_of_them_does(self):
        self.write("none/README", "no fixture")
        ledger = self.check_interview("--fixtures", "none")["ledger"]
        self.assertEqual(ledger["fragment"] + ledger["needs"], 15)
        self.assertEqual(ledger["verified"] + ledger["ran"], 18)
        self.assertEqual(ledger["false"], 1)


if __name__ == "__main__":
    main()
