"""Real material, where it is there."""

import os

from support import BANKS, Folder, main

INTERVIEW = os.path.join(BANKS, "user", "interview-questions.md")


class Banks(Folder):
    def test_the_interview_questions(self):
        if not os.path.exists(INTERVIEW):
            self.skipTest(f"skipped: {INTERVIEW} is absent")
        report = self.check("--timeout", "10", INTERVIEW, expect=1)
        ledger = report["ledger"]
        self.assertEqual(report["blocks"], 34)
        # The lock that is taken twice hangs, and the bank says so.
        self.assertEqual(ledger["hung"], 0)
        self.assertEqual(ledger["fragment"] + ledger["needs"], 15)
        self.assertEqual(ledger["verified"] + ledger["ran"], 18)
        # What is said of a variable leaves out what its call passes as well.
        self.assertEqual(ledger["false"], 1)


if __name__ == "__main__":
    main()
