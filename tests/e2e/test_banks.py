"""The project's own bank, and real material where it is there."""

import os

from support import BANKS, SOURCE, Folder, main

INTERVIEW = os.path.join(BANKS, "user", "interview-questions.md")


class Banks(Folder):
    def test_our_own_bank_is_verified(self):
        report = self.check("--strict", os.path.join(SOURCE, "examples"), expect=0)
        self.assertGreaterEqual(report["ledger"]["verified"], 15)

    def test_the_interview_questions(self):
        if not os.path.exists(INTERVIEW):
            self.skipTest(f"skipped: {INTERVIEW} is absent")
        report = self.check("--timeout", "10", INTERVIEW, expect=1)
        ledger = report["ledger"]
        self.assertEqual(report["blocks"], 34)
        self.assertEqual(ledger["hung"], 1)
        self.assertEqual(ledger["fragment"] + ledger["needs"], 15)
        self.assertEqual(ledger["verified"] + ledger["ran"], 18)
        self.assertEqual(ledger["false"], 0)


if __name__ == "__main__":
    main()
