"""list, explain, doctor, and what is asked for help."""

import json
import os

from support import Folder, block, main

NOTES = ("# Notes\n\n## Lists\n\n### 3. What does append return?\n\n"
         + block("numbers = [1]", "print(numbers.append(2))  # None",
                 "# appending changes the list itself", "print(numbers)  # [2]")
         + block(">>> numbers = [1]", ">>> numbers", "[1]", language="pycon")
         + "## Names\n\n" + block("total = numbers + [3]", "print(total)  # [1, 3]"))


class Commands(Folder):
    def setUp(self):
        super().setUp()
        self.write("notes.md", NOTES)

    def test_help(self):
        text = self.proctor("--help", expect=0).stdout
        for command in ("check", "list", "explain", "run", "time", "fix", "doctor"):
            self.assertIn(f"\n  {command} ", text)
            shown = self.proctor(command, "--help", expect=0).stdout
            self.assertIn(f"proctor {command} ", shown)
            self.assertIn("Exit code", shown)
        self.assertRegex(self.proctor("--version", expect=0).stdout, r"^proctor \d+\.\d+\.\d+\n$")

    def test_a_line_of_a_file_elsewhere(self):
        os.mkdir(self.path("elsewhere"))
        shown = self.proctor("explain", "../notes.md:9", cwd=self.path("elsewhere"), expect=0)
        self.assertIn("Verdict: false", shown.stdout)

    def test_usage(self):
        for arguments in ([], ["frobnicate"], ["--frobnicate"], ["list", "--frobnicate"],
                          ["explain"], ["run"], ["doctor", "now"], ["explain", "no/such/1"],
                          ["run", "no/such/1"], ["list", "missing.md"],
                          ["run", "--timeout", "1", "script.py"]):
            with self.subTest(arguments=arguments):
                result = self.proctor(*arguments, expect=2)
                self.assertEqual(result.stdout, "")
                (line,) = result.stderr.splitlines()
                self.assertTrue(line.startswith("proctor: "), line)

    def test_list(self):
        result = self.proctor("list", "notes.md", expect=0)
        rows = [line.split(maxsplit=4) for line in result.stdout.split("\n\n")[0].splitlines()]
        self.assertEqual([row[1:] for row in rows],
                         [["notes.md:8-11", "script", "fenced", "3. What does append return?"],
                          ["notes.md:15-17", "transcript", "fenced", "3. What does append return?"],
                          ["notes.md:23-24", "script", "fenced", "Names"]])
        self.assertIn("\nnotes.md: 3 blocks\n", result.stdout)

    def test_list_json(self):
        report = json.loads(self.proctor("list", "--json", "-", "notes.md", expect=0).stdout)
        self.assertEqual(report["blocks"], 3)
        self.assertEqual([snippet["line"] for snippet in report["snippets"]], [8, 15, 23])

    def test_list_runs_nothing(self):
        self.environment["PROCTOR_WORKER_DIR"] = self.folder
        self.proctor("list", "notes.md", expect=0)
        self.write("empty.md", "words\n")
        self.proctor("list", "empty.md", expect=4)

    def test_explain(self):
        (first, _, last) = json.loads(
            self.proctor("list", "--json", "-", "notes.md").stdout)["snippets"]
        text = self.proctor("explain", first["id"], "notes.md", expect=0).stdout
        for expected in (first["id"], "notes.md, lines 8 to 11", "Lists",
                         "3. What does append return?", "a fenced block marked 'python'",
                         first["content_id"], "     9 | print(numbers.append(2))  # None",
                         "line 11, literal: '[2]'", "contradicted", "'[1, 2]'",
                         "Not read as claims:", "appending changes the list itself",
                         "    11 | [1, 2]", "outcome    finishes", "Verdict: false"):
            self.assertIn(expected, text)
        text = self.proctor("explain", last["id"], expect=0).stdout
        self.assertIn("earlier block", text)
        self.assertIn("Verdict: verified", text)

    def test_an_id_by_its_end_and_by_line(self):
        (first, *_) = json.loads(self.proctor("list", "--json", "-").stdout)["snippets"]
        for reference in (first["id"], first["id"].split("/", 1)[1], "notes.md:9",
                          first["content_id"][:10]):
            with self.subTest(reference=reference):
                text = self.proctor("explain", reference, expect=0).stdout
                self.assertTrue(text.startswith(first["id"] + "\n"))

    def test_doctor(self):
        result = self.proctor("doctor", expect=0)
        self.assertRegex(result.stdout, r"(?m)^proctor \d\S*, GLib \d\S*, cmark \d\S*, json-glib \d")
        self.assertRegex(result.stdout, r"(?m)^Python 3\.\d+\.\d+\S*, the default$")
        self.assertRegex(result.stdout, r"(?m)^\d+ cores$")
        self.assertTrue(result.stdout.endswith("checks can run\n"))

    def test_doctor_without_a_worker(self):
        self.environment["PROCTOR_WORKER_DIR"] = self.folder
        result = self.proctor("doctor", expect=3)
        self.assertIn("python3-dev", result.stdout)
        self.assertTrue(result.stdout.endswith("checks cannot run\n"))

    def test_doctor_with_a_broken_worker(self):

        version = [line for line in self.proctor("check", "--help").stdout.splitlines()
                   if "--python" in line][0].rsplit("(", 1)[1].rstrip(")")
        name = f"proctor-worker-{version}"
        self.write(name, "#!/bin/sh\necho broken >&2\nexit 1\n")
        os.chmod(self.path(name), 0o755)
        self.environment["PROCTOR_WORKER_DIR"] = self.folder
        result = self.proctor("doctor", expect=3)
        self.assertIn("runs        no: ", result.stdout)


if __name__ == "__main__":
    main()
