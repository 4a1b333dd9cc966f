"""proctor check --json: its schema, and that it says everything."""

import json
import os
import stat

import jsonschema

from support import CLASSES, SCHEMA, Folder, block, main

with open(SCHEMA, encoding="utf-8") as file:
    VALIDATOR = jsonschema.Draft7Validator(json.load(file))


class Json(Folder):
    def test_no_document_is_replaced_by_a_report(self):
        self.write("lesson.md", block("print(1)  # 1"))
        result = self.proctor("check", "--json", "lesson.md", expect=2)
        self.assertIn("'lesson.md' is a document", result.stderr)
        with open(self.path("lesson.md"), encoding="utf-8") as file:
            self.assertIn("print(1)", file.read())

    def test_the_schema_is_one(self):
        jsonschema.Draft7Validator.check_schema(VALIDATOR.schema)

    def test_every_kind_of_verdict_fits_the_schema(self):
        self.write("notes.md", "# 3. Question\n\nText\n",
                   "    code = 1\n    print(code)  # 1\n\n",
                   block("print(1)  # 2", "print(id(1))  # about 3"),
                   block(">>> 1 + 1", "2", language="pycon"),
                   block("raise KeyError('k')"), block("x = ="), block("Book()"),
                   block("import os", "os._exit(3)"), block("import os", "os.abort()"),
                   block("while 1: pass"), block("import no_such_module"),
                   block("import threading", "lock = threading.Lock()", "lock.acquire()",
                         "thread = threading.Thread(target=lock.acquire)", "thread.start()",
                         "lock.acquire()"),
                   block("point = (1, 2)", "# point[0] = 3  # TypeError",
                         "point += (3,)  # works fine", "# point is a tuple: (1, 2, 3)"))
        self.write("empty.md", "```python\nnever = 'closed'\n")
        report = self.check("--timeout", "0.5", ".", expect=1)
        VALIDATOR.validate(report)
        self.assertEqual(list(report["ledger"]), CLASSES)
        self.assertFalse(report["incomplete"])

    def test_a_deadlock(self):
        self.write("notes.md", block("import threading", "lock = threading.Lock()",
                                     "lock.acquire()", "lock.acquire()"))
        (snippet,) = self.check("notes.md", expect=1)["snippets"]
        self.assertEqual((snippet["class"], snippet["outcome"]), ("hung", "deadlocks"))
        self.assertEqual(snippet["waits"], [
            {"thread": 0, "name": "MainThread", "line": 5, "what": "", "lock": "lock",
             "holder": 0, "holder_name": "MainThread", "holder_line": 4}])
        self.assertIn("line 5", snippet["reason"])

    def test_a_snippet(self):
        self.write("notes.md", "# Notes\n\n## 7. Sums\n\n",
                   block("import sys", "print(1 + 1)  # 2", "print(3)  # Output: 4",
                         "sys.stderr.write('careful\\n')"))
        (snippet,) = self.check("notes.md", expect=1)["snippets"]
        self.assertEqual((snippet["file"], snippet["line"], snippet["end_line"]),
                         ("notes.md", 6, 9))
        self.assertEqual(snippet["class"], "false")
        self.assertEqual(snippet["outcome"], "finishes")
        self.assertEqual(snippet["exit_code"], 0)
        self.assertEqual(snippet["stdout"], "2\n3\n")
        self.assertEqual(snippet["stderr"], "careful\n")
        self.assertEqual(snippet["question"]["number"], "7")
        self.assertEqual(snippet["question"]["title"], "Sums")
        self.assertGreater(snippet["timing"]["wall"], 0)
        self.assertLess(snippet["timing"]["wall"], 10)
        holds, wrong = snippet["claims"]
        self.assertEqual((holds["line"], holds["text"].strip(), holds["rule"], holds["holds"]),
                         (7, "2", "literal", True))
        self.assertEqual((wrong["line"], wrong["rule"], wrong["holds"], wrong["actual"]),
                         (8, "label", False, "3"))

    def test_snippets_are_in_the_banks_order(self):
        self.write("b.md", block("import time; time.sleep(0.3)"), block("pass"))
        self.write("a.md", block("pass"), block("pass"))
        report = self.check(".", "-j", "2")
        places = [(snippet["file"], snippet["line"]) for snippet in report["snippets"]]
        self.assertEqual(places, sorted(places))

    def test_bytes_that_are_no_text(self):
        self.write("notes.md", block("import os", r"os.write(1, b'caf\xc3\xa9 \xff\x00\x1b\n')"))
        (snippet,) = self.check("notes.md")["snippets"]
        self.assertEqual(snippet["stdout"], "caf\u00e9 \\xff\\x00\x1b\n")

    def test_the_human_report_goes_to_standard_error(self):
        self.write("notes.md", block("print(1)  # 2"))
        result = self.proctor("check", "--json", "-", "notes.md", expect=1)
        json.loads(result.stdout)
        self.assertIn("1 block: 1 false\n", result.stderr)

    def test_a_file_is_replaced_whole(self):
        self.write("notes.md", block("print(1)  # 1"))
        self.write("report.json", "old")
        os.chmod(self.path("report.json"), 0o640)
        result = self.proctor("check", "--json", "report.json", "notes.md", expect=0)
        self.assertIn("1 block: 1 verified\n", result.stdout)
        with open(self.path("report.json"), encoding="utf-8") as file:
            VALIDATOR.validate(json.load(file))
        self.assertEqual(stat.S_IMODE(os.stat(self.path("report.json")).st_mode), 0o640)
        self.assertEqual(sorted(os.listdir(self.folder)),
                         [".temporary", "notes.md", "report.json"])

    def test_an_old_report_survives_a_usage_error(self):
        self.write("report.json", "old")
        self.proctor("check", "--json", "report.json", "missing.md", expect=2)
        with open(self.path("report.json"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "old")
        self.assertEqual(sorted(os.listdir(self.folder)), [".temporary", "report.json"])

    def test_a_full_disk_is_our_failure(self):
        self.write("notes.md", block("print(1)  # 1"))
        result = self.proctor("check", "--json", "/dev/full", "notes.md", expect=3)
        self.assertIn("proctor: cannot write '/dev/full'", result.stderr)

    def test_nothing_found(self):
        self.write("notes.md", "words\n")
        report = self.check("notes.md", expect=4)
        VALIDATOR.validate(report)
        self.assertEqual(report["blocks"], 0)
        self.assertIsNone(report["python"])


if __name__ == "__main__":
    main()
