"""bank.yaml, and where fixtures come from: on each command that reads them."""

import json
import os

from support import Folder, block, main

SHELF = """\"\"\"A shelf of books.\"\"\"
PROVIDES = ["shelf"]
VARIANTS = {"full": "two books stand on it", "empty": "none does"}


def setup(variant):
    return {"shelf": ["a", "b"] if variant == "full" else []}
"""
PLAIN = "PROVIDES = ['shelf']\nshelf = 'plain'\n"
BROKEN = "PROVIDES = 3\n"


class Config(Folder):
    def setUp(self):
        super().setUp()
        # Not what proctor brings with it: that needs packages.
        self.environment["PROCTOR_FIXTURES_DIR"] = self.path("shipped")
        os.mkdir(self.path("shipped"))
        self.environment["CI"] = ""

    def fixture_of(self, report, place=0):
        fixture = report["snippets"][place]["fixture"]
        return fixture and (fixture["name"], fixture["variant"])

    # --- where fixtures come from ---------------------------------------------------

    def test_beside_the_documents_and_above_them(self):
        self.write("fixtures/shelf.py", SHELF)
        self.write("notes.md", block("print(len(shelf))  # 2"))
        self.write("part/one/notes.md", block("print(len(shelf))  # 2"))
        for path in ("notes.md", "part/one", "."):
            report = self.check(path, expect=0)
            self.assertEqual(set(self.classes(report)), {"verified"})
            self.assertEqual(self.fixture_of(report), ("shelf", "full"))

    def test_the_option_comes_first(self):
        self.write("fixtures/shelf.py", SHELF)
        self.write("named/plain.py", PLAIN)
        self.write("other/further.py", "PROVIDES = ['further']\nfurther = 1\n")
        self.write("bank.yaml", "fixtures: [fixtures]\n")
        self.write("notes.md", block("print(shelf)  # plain"), block("print(further)  # 1"))
        report = self.check("--fixtures", "named", "--fixtures", "other", "notes.md", expect=0)
        self.assertEqual(self.classes(report), ["verified", "verified"])
        self.assertEqual(self.fixture_of(report), ("plain", None))

    def test_then_the_configuration(self):
        self.write("fixtures/shelf.py", SHELF)
        self.write("own/plain.py", PLAIN)
        self.write("bank.yaml", "fixtures: [own]\n")
        self.write("notes.md", block("print(shelf)  # plain"))
        report = self.check("notes.md", expect=0)
        self.assertEqual(self.fixture_of(report), ("plain", None))

    def test_and_at_last_those_that_proctor_brings(self):
        self.write("shipped/plain.py", PLAIN)
        self.write("notes.md", block("print(shelf)  # plain"))
        self.assertEqual(self.fixture_of(self.check("notes.md", expect=0)), ("plain", None))
        self.write("fixtures/other.py", "PROVIDES = ['other']\nother = 1\n")
        self.assertEqual(self.classes(self.check("notes.md", expect=0)), ["fragment"])

    def test_without_any_all_is_as_it_was(self):
        os.rmdir(self.path("shipped"))
        self.write("notes.md", block("print(shelf)"), block("print(1)  # 1"))
        result = self.proctor("check", "notes.md")
        self.assertEqual(result.returncode, 2, result)
        self.assertIn("shipped", result.stderr)

    def test_a_folder_that_is_not_there(self):
        self.write("notes.md", block("print(1)  # 1"))
        result = self.proctor("check", "--fixtures", "nowhere", "notes.md", expect=2)
        self.assertRegex(result.stderr, "^proctor: nowhere: ")
        self.assertEqual(result.stdout, "")

    # --- variants -----------------------------------------------------------------------

    def test_a_snippet_runs_in_the_variant_that_it_fits(self):
        self.write("fixtures/shelf.py", SHELF)
        self.write("notes.md", block("print(len(shelf))  # 2"), block("print(len(shelf))  # 0"),
                   block("print(shelf[0])", "print(len(shelf))  # 2"),
                   block("print(shelf[0])", "print(1 + 1)  # 3"))
        report = self.check("notes.md", expect=1)
        self.assertEqual(self.classes(report), ["verified", "verified", "verified", "false"])
        self.assertEqual([self.fixture_of(report, place)[1] for place in range(4)],
                         ["full", "empty", "full", "full"])
        said = self.proctor("check", "notes.md").stdout
        self.assertIn("4 blocks with fixture shelf: 3 full, 1 empty", said)

    def test_blocks_go_on_with_each_other_s_names(self):
        self.write("fixtures/shelf.py", SHELF)
        self.write("notes.md", "# One\n\n", block("count = len(shelf)", "print(count)  # 0"),
                   block("print(count + 1)  # 1"))
        report = self.check("notes.md", expect=0)
        self.assertEqual(self.classes(report), ["verified", "verified"])
        self.assertEqual(self.fixture_of(report, 1), ("shelf", "empty"))
        self.assertIn("1 earlier block", report["snippets"][1]["session"])

    # --- what the configuration says ----------------------------------------------------------

    def test_fixture_variant_skip_python_and_limits(self):
        self.write("fixtures/shelf.py", SHELF)
        self.write("notes.md", "# One\n\n", block("print(len(shelf))  # 2"),
                   block("print(len(shelf))  # 0"), "# Two\n\n", block("import printer"),
                   block("print(1)  # 1"), "# Three\n\n", block("while True:", "    pass"))
        self.write("bank.yaml", """\
documents:
  notes.md:
    sections:
      One: {fixture: shelf, variant: empty}
      Three: {timeout: 0.3}
    snippets:
      one.1: {fixture: none}
      two.1: {skip: needs a printer}
      two.2: {python: 3.98+}
""")
        report = self.check("notes.md", expect=0)
        self.assertEqual(self.classes(report),
                         ["fragment", "verified", "skipped", "skipped", "limit"])
        reasons = [snippet["reason"] for snippet in report["snippets"]]
        self.assertEqual(reasons[2], "needs a printer")
        self.assertRegex(reasons[3], r"^for Python 3\.98\+, this is 3\.\d+$")
        self.assertEqual(self.fixture_of(report, 1), ("shelf", "empty"))
        # What is configured wins over the command line.
        slow = self.check("--timeout", "50", "notes.md")["snippets"][4]
        self.assertIn("longer than 0.3 s", slow["outcome"])

    def test_expectations_lie_where_it_says(self):
        self.write("bank.yaml", "expected: kept/here\n")
        self.write("notes.md", block("print(1 + 1)"))
        os.makedirs(self.path("kept/here"))
        self.proctor("accept", "--all", expect=0)
        (written,) = [os.path.join(folder, name) for folder, _, names in
                      os.walk(self.path("kept")) for name in names]
        self.assertTrue(written.startswith(self.path("kept/here")), written)
        self.assertEqual(self.classes(self.check(".", expect=0)), ["verified"])
        os.mkdir(self.path("empty"))
        self.assertEqual(self.classes(self.check("--expected", "empty", ".", expect=0)), ["ran"])

    def test_a_configuration_by_name(self):
        self.write("conf/other.yaml", "documents:\n  ../notes.md: {skip: not now}\n")
        self.write("notes.md", block("print(1)  # 1"))
        self.assertEqual(self.classes(self.check("notes.md", expect=0)), ["verified"])
        report = self.check("--config", "conf/other.yaml", "notes.md", expect=0)
        self.assertEqual(self.classes(report), ["skipped"])
        self.assertIn("nowhere.yaml", self.proctor("check", "--config", "nowhere.yaml", "notes.md",
                                                   expect=2).stderr)

    def test_errors_have_a_place_on_each_command(self):
        self.write("notes.md", block("print(1)"))
        commands = [["check"], ["list"], ["explain", "top.1"], ["run", "top.1"],
                    ["time", "top.1"], ["fix"], ["accept", "--all"], ["review"]]
        broken = {
            "documents: [\n": r"bank\.yaml:\d+:\d+: ",
            "timeout: soon\n": r"bank\.yaml:1:10: ",
            "documents:\n  notes.md:\n    colour: red\n": r"bank\.yaml:3:5: ",
            "documents:\n  nothing.md:\n    timeout: 1\n": r"bank\.yaml:2:3: ",
            "documents:\n  notes.md:\n    fixture: nothing\n": r"bank\.yaml:3:14: ",
        }
        for text, place in broken.items():
            self.write("bank.yaml", text)
            result = self.proctor("check", expect=2)
            self.assertRegex(result.stderr, place)
            self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
            self.assertEqual(result.stdout, "")
        for command in commands:
            result = self.proctor(*command, expect=2)
            self.assertRegex(result.stderr, r"bank\.yaml:3:14: ", command)
            self.assertEqual(result.stdout, "", command)

    def test_what_raises_with_a_late_fixture_is_no_fragment(self):
        self.write("fixtures/shelf.py", "PROVIDES = ['shelf', 'user']\nshelf, user = [], 'me'\n")
        self.write("notes.md", "# One\n\n", block("for user in shelf: pass"),
                   "# Two\n\n", block("shelf.append(user)", "raise ValueError"))
        second = self.check("notes.md", expect=0)["snippets"][1]
        self.assertEqual((second["class"], second["reason"]), ("raised", "ValueError, line 11"))
        self.assertEqual(second["fixture"]["names"], ["shelf", "user"])

    def test_a_fixture_that_nothing_speaks_of_is_named(self):
        self.write("fixtures/shelf.py",
                   "PROVIDES = ['shelf', 'user']\nSIGNS = ['book']\nshelf, user = [], 'me'\n")
        self.write("notes.md", block("shelf.clear()"), block("shelf.clear()", "nothing(user)"))
        first, second = self.check("notes.md", expect=0)["snippets"]
        self.assertEqual(first["reason"], "name 'shelf' is bound nowhere (fixture shelf provides "
                         "it, but nothing else here speaks of its field: bank.yaml can say so)")
        self.assertNotIn("provides", second["reason"])
        self.write("bank.yaml", "documents: {notes.md: {fixture: shelf}}\n")
        self.assertEqual(self.classes(self.check("notes.md", expect=0))[0], "ran")

    # --- fixtures that are no help --------------------------------------------------------------

    def test_a_header_that_cannot_be_read_fails_a_check(self):
        self.write("fixtures/broken.py", BROKEN)
        self.write("notes.md", block("print(1)  # 1"))
        result = self.proctor("check", "notes.md", expect=1)
        self.assertEqual(result.stdout.count("broken.py:1:"), 1, result.stdout)
        self.assertEqual(self.classes(self.check("notes.md", expect=1)), ["verified"])

    def test_one_that_is_not_ready_fails_only_a_strict_check(self):
        self.write("fixtures/shelf.py", "PROVIDES = ['shelf']\nraise KeyError('no shelf')\n")
        self.write("notes.md", block("print(shelf)"), block("print(shelf)"))
        result = self.proctor("check", "notes.md", expect=0)
        self.assertEqual(result.stdout.count("in <module>"), 1, result.stdout)
        self.proctor("check", "--strict", "notes.md", expect=1)

    def test_two_that_provide_the_same_are_named_once(self):
        for name in ("one", "other"):
            self.write(f"fixtures/{name}.py", "PROVIDES = ['shelf']\nshelf = 1\n")
        self.write("notes.md", block("print(1)  # 1"))
        self.assertNotIn("other.py", self.proctor("check", "notes.md", expect=0).stdout)
        self.write("notes.md", block("print(shelf)"), block("print(shelf)"))
        result = self.proctor("check", "notes.md", expect=0)
        self.assertEqual(result.stdout.count("bank.yaml: problem: 'shelf' is provided by "
                                             "fixtures/one.py and fixtures/other.py"), 1,
                         result.stdout)

    # --- other commands -----------------------------------------------------------------------------

    def test_run_finds_the_variant(self):
        self.write("fixtures/shelf.py", SHELF)
        self.write("notes.md", "# One\n\n", block("print(len(shelf))"),
                   block("assert not shelf", "print('empty')"),
                   block("print(shelf[7])"), block("print(nothing, shelf)"),
                   block("left = len(shelf)"), block("print(left)"))
        self.assertEqual(self.proctor("run", "one.1", expect=0).stdout, "2\n")
        self.assertEqual(self.proctor("run", "one.2", expect=0).stdout, "empty\n")
        self.assertEqual(self.proctor("run", "one.6", expect=0).stdout, "2\n")
        result = self.proctor("run", "one.3", expect=1)
        self.assertEqual((result.stdout, result.stderr.count("IndexError")), ("", 1), result)
        result = self.proctor("run", "one.4", expect=1)
        self.assertIn("NameError: name 'nothing'", result.stderr)
        self.proctor("run", "--fixtures", ".", "one.1", expect=1)

    def test_run_has_no_limit_of_time_or_output(self):
        self.write("notes.md", block("print('x' * 2000)"))
        self.write("bank.yaml", "timeout: 0.001\noutput: 1 kB\n")
        self.assertEqual(self.classes(self.check("notes.md")), ["limit"])
        self.assertEqual(self.proctor("run", "top.1", expect=0).stdout, "x" * 2000 + "\n")
        self.write("notes.md", block("while True:", "    pass"))
        self.write("bank.yaml", "timeout: 1000\n")
        result = self.proctor("run", "--timeout", "0.3", "top.1", expect=124)
        self.assertIn("longer than 0.3 s", result.stderr)
        self.assertIn("'timeout'", self.proctor("run", "--help", expect=0).stdout)

    def test_run_says_why_a_fixture_is_not_ready(self):
        self.write("fixtures/shelf.py", "PROVIDES = ['shelf']\nraise KeyError('no shelf')\n")
        self.write("notes.md", block("print(shelf)"), block("print(1)"))
        result = self.proctor("run", "top.1", expect=3)
        self.assertIn("KeyError: 'no shelf'", result.stderr)
        self.assertIn("line 2, in <module>", result.stderr)
        self.proctor("time", "top.1", expect=1)
        self.assertEqual(self.proctor("run", "top.2", expect=0).stdout, "1\n")

    def test_options_for_blocks_are_not_for_files(self):
        self.write("program.py", "print(1)\n")
        for option in ("--config", "--fixtures"):
            result = self.proctor("run", option, "x", "program.py", expect=2)
            self.assertIn(f"{option} is for blocks", result.stderr)

    def test_time_measures_with_the_fixture(self):
        self.write("fixtures/shelf.py", SHELF)
        self.write("notes.md", block("assert not shelf"))
        report = json.loads(self.proctor("time", "-n", "3", "--json", "-", "top.1",
                                         expect=0).stdout)
        self.assertEqual(report["outcomes"], {"finishes": 3})

    def test_accept_explain_fix_and_list(self):
        self.write("fixtures/shelf.py", SHELF)
        self.write("notes.md", block("print(len(shelf))"), block("print(len(shelf))  # 0"),
                   block("print(1 + 1)  # 3"))
        listed = self.proctor("list", "notes.md", expect=0).stdout
        self.assertEqual(listed.count("[fixture shelf for shelf]"), 2)
        self.assertRegex(self.proctor("explain", "top.2", expect=0).stdout,
                         r"fixture +shelf \(empty.*\) for shelf\n")
        self.proctor("accept", "top.1", expect=0)
        report = self.check("notes.md", expect=1)
        self.assertEqual(self.classes(report), ["verified", "verified", "false"])
        self.proctor("fix", "--write", "notes.md", expect=0)
        self.assertEqual(set(self.classes(self.check("notes.md", expect=0))), {"verified"})
        with open(self.path("notes.md"), encoding="utf-8") as file:
            self.assertIn("print(1 + 1)  # 2", file.read())

    def test_what_is_true_afterwards_is_kept(self):
        self.write("fixtures/shelf.py", SHELF)
        self.write("notes.md", block("shelf.clear()", "print(1)"))
        self.proctor("accept", "top.1", expect=0)
        path = self.path("expected/notes/top.1.txt")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("outcome: finishes\n", "outcome: finishes\nafter:\n"
                                    "  - len(shelf) == 0\n"))
        self.assertEqual(self.classes(self.check("notes.md", expect=0)), ["verified"])
        self.proctor("accept", "top.1", expect=0)
        with open(path, encoding="utf-8") as file:
            self.assertIn("  - len(shelf) == 0\n", file.read())
        self.write("notes.md", block("shelf.append(1)", "print(1)"))
        self.assertEqual(self.classes(self.check("notes.md", expect=1)), ["changed"])

    def test_doctor_names_fixtures_and_no_password(self):
        self.write("fixtures/shelf.py", SHELF)
        self.write("fixtures/broken.py", BROKEN)
        self.environment["PROCTOR_DATABASE_URL"] = "mysql://me:hidden@127.0.0.1/test"
        said = self.proctor("doctor", expect=0).stdout
        self.assertIn("A shelf of books", said)
        self.assertIn("broken.py:1:", said)
        self.assertIn("mysql", said)
        self.assertNotIn("hidden", said)


if __name__ == "__main__":
    main()
