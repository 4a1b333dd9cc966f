"""Reports for other programs: what each says of one bank, by its schema and its consumers, and
that all of them say the same."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from urllib.parse import unquote

from support import PROCTOR, SOURCE, Folder, block, main

SCHEMAS = os.path.join(SOURCE, "tests", "e2e", "schemas")

# What the check fails by, what is wrong with us, what was not judged.
FAILS = {"false", "changed", "hung", "crashed"}
SKIPS = {"fragment", "needs", "unparsable", "skipped"}

NASTY_NAME = "a b#1, 100%:[x] é😀.md"
NASTY = (
    '# Nasty <"title"> & ]]> #\n\n', "## 1. One & <two>\n\n",
    block("print('😀')  # 😀"),
    block("print([1, 2])  # Output: [1]", "x = '<&\"]]>'", "print(x)  # Output: ']]> %0A ::'"),
    "> ", "```python\n> é = 5\n> print('é😀', é)  # Output: 'é😀 6'\n> ```\n\n",
    block("import sys", r"sys.stdout.buffer.write(b'\x00\x1b[31m\xff\xfe ]]>\r\n')",
          r"sys.stdout.write('\ufffe\uffff\x85\u2028\n')", "sys.stdout.write('y' * 65536 + '\\n')",
          r"sys.stderr.write('\n::error::from stderr\n##[error]old\n')"),
    block("raise ValueError(']]>\\n::error::boom %0A \"quoted\" \\x07')"),
    "## 2. Gap ahead\n\n", "## 4. Errors\n\n",
    block("import threading", "lock = threading.Lock()", "lock.acquire()", "lock.acquire()"),
    block("while True:", "    pass"),
    block("import ctypes", "ctypes.string_at(0)"),
)
PLAIN = (
    "# Plain\n\n",
    block("print('before')"), block("print(1)  # 1"),
    block("print(nowhere_bound.value)"), block("import a_module_that_is_not_there"),
    block("def broken(:", "    pass"), block("print('not here')"),
    "Output stands below.\n\n", block(">>> 1 + 1", "3", language=""),
)
SETTINGS = "documents:\n" \
           "  plain.md: {snippets: {plain.6: {skip: 'needs a #printer, 5 % of it'}}}\n" \
           "  \"" + NASTY_NAME + "\": {timeout: 0.3}\n"


def escaped(text):
    """As a runner of GitHub reads the message of a command, by its documentation."""
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def runner(log):
    """The annotations that a runner of GitHub takes from a log. Whatever begins with '::' after
    blanks is a command, and '##[' wherever it stands, unless commands are stopped."""
    found, token = [], None
    for line in log.splitlines():
        text = line.lstrip()
        if token is not None:
            if text == f"::{token}::":
                token = None
            continue
        if "##[" in line:
            raise AssertionError(f"an old command: {line}")
        if not text.startswith("::"):
            continue
        head, separator, message = text[2:].partition("::")
        assert separator, line
        name, _, rest = head.partition(" ")
        if name == "stop-commands":
            token = message
            continue
        properties = {}
        for part in rest.split(","):
            key, _, value = part.strip().partition("=")
            for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","),
                               ("%25", "%")):
                value = value.replace(code, sign)
            properties[key] = value
        found.append((name, properties, escaped(message)))
    assert token is None, "commands are never taken up again"
    return found


class Formats(Folder):
    def text(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def json(self, name):
        return json.loads(self.text(name))

    def all(self, *arguments, expect=None):
        """One run, all formats. Its log is that of a step on GitHub."""
        self.environment["GITHUB_STEP_SUMMARY"] = self.path("summary.markdown")
        result = self.proctor(
            "check", "--json", "r.json", "--junit", "r.xml", "--tap", "r.tap", "--sarif",
            "r.sarif", "--gitlab", "gl.json", "--html", "r.html", "--github", *arguments,
            expect=expect)
        return result, self.json("r.json")

    def bank(self):
        self.write(NASTY_NAME, *NASTY)
        self.write("plain.md", *PLAIN)
        self.proctor("accept", "plain.md:4", expect=0)
        changed = self.text("plain.md").replace("'before'", "'after ]]>'")
        self.write("plain.md", changed)
        self.write("bank.yaml", SETTINGS)

    # --- what they say ------------------------------------------------------------------------

    def grade(self, name, strict=False):
        if name in ("verified", "skipped"):
            return {"verified": "passed", "skipped": "skipped"}[name]
        if name == "infra":
            return "error"
        if strict or name in FAILS:
            return "failure"
        return "skipped" if name in SKIPS else "passed"

    def grades(self, report, strict=False):
        return {one["id"]: self.grade(one["class"], strict) for one in report["snippets"]}

    def junit(self, name="r.xml"):
        """id to grade, after a look at the counts."""
        root = ElementTree.parse(self.path(name)).getroot()
        grades, sums = {}, {"tests": 0, "failures": 0, "errors": 0}
        for suite in root:
            ends = []
            for case in suite.iter("testcase"):
                end = [one.tag for one in case if one.tag in ("failure", "error", "skipped")]
                self.assertLessEqual(len(end), 1)
                ends.append(end[0] if end else "passed")
                if suite.get("name") != "proctor":
                    self.assertEqual(case.get("classname"), suite.get("name"))
                    grades[case.get("name")] = ends[-1]
            self.assertEqual(int(suite.get("tests")), len(ends))
            self.assertEqual(int(suite.get("skipped")), ends.count("skipped"))
            self.assertEqual(int(suite.get("failures")), ends.count("failure"))
            self.assertEqual(int(suite.get("errors")), ends.count("error"))
            for key in sums:
                sums[key] += int(suite.get(key))
        self.assertEqual({key: int(root.get(key)) for key in sums}, sums)
        return grades

    def tap(self, text):
        """id to grade of a document of TAP, by the words of its specification."""
        lines = text.split("\n")
        self.assertRegex(lines[0], r"^TAP version 1[34]$")
        self.assertEqual(lines[-1], "")
        grades, inside, plan = {}, False, None
        for line in lines[1:-1]:
            if inside:
                inside = line != "  ..."
            elif line == "  ---":
                inside = True
            elif line.startswith("1.."):
                self.assertEqual(grades, {}, "the plan comes first")
                plan = int(line[3:].split(" ")[0])
            elif not line.startswith("#"):
                match = re.fullmatch(r"(not )?ok (\d+) - ((?:\\.|[^\\#])*?)(?: # SKIP (.+))?", line)
                self.assertIsNotNone(match, line)
                self.assertEqual(int(match[2]), len(grades) + 1)
                name = re.sub(r"\\(.)", r"\1", match[3])
                grades[name] = "failure" if match[1] else "skipped" if match[4] else "passed"
        self.assertEqual(plan, len(grades))
        return grades

    def problems(self, report):
        """(file, line, class) of what is contradicted, of the JSON report."""
        return sorted((os.path.normpath(one["file"]), claim["line"], "false")
                      for one in report["snippets"] for claim in one["claims"]
                      if claim["holds"] is False)

    def sarif(self, name="r.sarif"):
        return self.json(name)["runs"][0]

    def sarif_places(self, run):
        places = []
        for result in run["results"]:
            where = result["locations"][0]["physicalLocation"]
            self.assertEqual(run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"],
                             result["ruleId"])
            places.append((unquote(where["artifactLocation"]["uri"]),
                           where.get("region", {}).get("startLine", 1), result["ruleId"],
                           result["level"], result["message"]["text"]))
        return places

    def gitlab_places(self, name="gl.json"):
        levels = {"info": "note", "minor": "warning", "major": "error"}
        return [(one["location"]["path"], one["location"]["lines"]["begin"], one["check_name"],
                 levels[one["severity"]], one["description"]) for one in self.json(name)]

    def needs(self, what, is_there):
        if not is_there:
            print(f"skipped: {what} is not installed", file=sys.stderr)
            self.skipTest(f"skipped: {what} is not installed")

    # --- schemas ------------------------------------------------------------------------------

    def validate(self):
        import jsonschema
        for name, schema in (("r.sarif", "sarif.json"), ("gl.json", "gitlab.json")):
            with open(os.path.join(SCHEMAS, schema), encoding="utf-8") as file:
                jsonschema.Draft7Validator(json.load(file)).validate(self.json(name))
        self.needs("xmllint", shutil.which("xmllint"))
        subprocess.run(["xmllint", "--noout", "--schema", os.path.join(SCHEMAS, "junit.xsd"),
                        self.path("r.xml")], check=True, capture_output=True)

    # --- tests --------------------------------------------------------------------------------

    def test_all_say_the_same_of_a_nasty_bank(self):
        self.bank()
        result, report = self.all("--timeout", "2", ".", expect=1)
        classes = {one["class"] for one in report["snippets"]}
        self.assertEqual(classes, {"verified", "false", "changed", "ran", "raised", "hung",
                                   "limit", "crashed", "fragment", "needs", "unparsable",
                                   "skipped"})
        grades = self.grades(report)
        self.assertEqual(self.junit(), grades)
        self.assertEqual(self.tap(self.text("r.tap")), grades)
        self.assertEqual(list(self.tap(self.text("r.tap"))), list(grades))

        run = self.sarif()
        places = self.sarif_places(run)
        self.assertEqual(self.gitlab_places(), places)
        self.assertEqual(sorted(place[:3] for place in places if place[2] == "false"),
                         self.problems(report))
        self.assertGreaterEqual(len(self.problems(report)), 4)
        counted = {"false": 0}
        for one in report["snippets"]:
            if one["class"] not in ("verified", "ran", "skipped", "false"):
                counted[one["class"]] = counted.get(one["class"], 0) + 1
        counted["false"] = len(self.problems(report))
        seen = [place[2] for place in places]
        self.assertEqual({name: seen.count(name) for name in counted}, counted)
        self.assertIn("gap", seen)
        self.assertEqual(run["invocations"][0]["exitCode"], 1)
        self.assertEqual(run["invocations"][0]["executionSuccessful"], True)
        self.assertEqual(run["invocations"][0]["properties"]["ledger"], report["ledger"])

        # No more of a level than GitHub shows, and nothing that a snippet wrote is a command.
        shown = runner(result.stdout + result.stderr)
        levels = {"notice": "note", "warning": "warning", "error": "error"}
        for name, level in levels.items():
            wanted = [place for place in places if place[3] == level]
            got = [one for one in shown if one[0] == name]
            self.assertEqual(len(got), min(len(wanted), 10))
            for place, (_, properties, message) in list(zip(wanted, got))[:9]:
                self.assertEqual((properties["file"], int(properties.get("line", 1))), place[:2])
                self.assertEqual(properties["title"], f"proctor: {place[2]}")
                self.assertEqual(message.split("\nwrite:")[0], place[4])
        # The human report names the same lines.
        for path, line, name, level, message in places:
            if name in report["ledger"]:
                self.assertIn(f"./{path}:{line}: {name}: {message}\n", result.stdout)
        self.validate()

    def test_what_was_printed_survives_in_xml(self):
        self.bank()
        self.all("--timeout", "2", ".")
        root = ElementTree.parse(self.path("r.xml")).getroot()
        out = "".join(one.text for one in root.iter("system-out"))
        self.assertIn("\\x00\\x1b[31m\\xff\\xfe ]]>\r\n", out)
        self.assertIn("\\ufffe\\uffff\x85\u2028", out)
        self.assertIn(" bytes are left out ...\n", out)
        self.assertLess(len(out), 70000)
        errors = "".join(one.text for one in root.iter("system-err"))
        self.assertIn("::error::from stderr", errors)
        failures = "".join(one.text for one in root.iter("failure"))
        self.assertIn("says 'Output: ']]> %0A ::'', printed <&\"]]>\n", failures)
        self.assertIn("-before\n+after ]]>\n", failures)

    def test_the_right_value_is_what_fix_would_write(self):
        self.write("notes.md", "# A\n\n> ```python\n",
                   "> print(['é😀', 5])  # Output: ['é😀', 6]\n> ```\n\n",
                   block("print(2)\t#> 3"), block(">>> [1,", "... 2]", "[1]", language=""))
        result, _ = self.all("notes.md", expect=1)
        lines = self.text("notes.md").split("\n")
        fixes = [one["fixes"][0]["artifactChanges"][0] for one in self.sarif()["results"]
                 if "fixes" in one]
        self.assertEqual(len(fixes), 3)
        for change in fixes:
            self.assertEqual(change["artifactLocation"]["uri"], "notes.md")
            region = change["replacements"][0]["deletedRegion"]
            self.assertNotIn("endLine", region)
            line = lines[region["startLine"] - 1]
            put = change["replacements"][0]["insertedContent"]["text"]
            lines[region["startLine"] - 1] = (
                line[:region["startColumn"] - 1] + put + line[region["endColumn"] - 1:])
        # The region of a claim is its comment.
        first = self.sarif()["results"][0]["locations"][0]["physicalLocation"]["region"]
        whole = self.text("notes.md").split("\n")[first["startLine"] - 1]
        self.assertEqual(whole[first["startColumn"] - 1:first["endColumn"] - 1],
                         "# Output: ['é😀', 6]")
        advice = [one[2].split("\nwrite: ")[1] for one in runner(result.stdout)
                  if one[0] == "error"]
        self.assertEqual(advice, ["# Output: ['é😀', 5]", "#> 2", "[1, 2]"])
        self.proctor("fix", "--write", "notes.md")
        self.assertEqual(self.text("notes.md").split("\n"), lines)
        self.validate()

    def fingerprints(self):
        return [one["fingerprint"] for one in self.json("gl.json") if one["check_name"] == "false"]

    def test_fingerprints_survive_moving_and_are_unique(self):
        same = block("print(1)  # 2")
        self.write("one.md", "# A\n\n", same, same, block("print(3)  # 4"))
        self.all("one.md", expect=1)
        before = self.fingerprints()
        self.assertEqual(len(set(before)), 3)
        self.assertEqual(before, [one["partialFingerprints"]["proctor/v1"]
                                  for one in self.sarif()["results"] if one["ruleId"] == "false"])
        os.remove(self.path("one.md"))
        self.write("sub/two.md", "# B\n\nSome text.\n\n", same, "More.\n\n", same, "\n## C\n\n",
                   block("print(3)  # 4"))
        self.all("sub", expect=1)
        after = self.fingerprints()
        self.assertEqual(after, before)
        self.assertEqual({one["location"]["path"] for one in self.json("gl.json")}, {"sub/two.md"})

    def test_strict_fails_where_the_check_does(self):
        self.bank()
        result, report = self.all("--strict", "--timeout", "2", ".", expect=1)
        grades = self.grades(report, strict=True)
        self.assertNotIn("passed", [grades[one["id"]] for one in report["snippets"]
                                    if one["class"] != "verified"])
        self.assertEqual(self.junit(), grades)
        self.assertEqual(self.tap(self.text("r.tap")), grades)
        levels = {place[2]: place[3] for place in self.sarif_places(self.sarif())}
        for name in ("ran", "raised", "limit", "fragment", "needs", "unparsable"):
            self.assertEqual(levels[name], "error", name)
        errors = [one for one in runner(result.stdout) if one[0] == "error"]
        self.assertEqual(len(errors), 10)
        self.assertRegex(errors[-1][2], r"^and \d+ more: ")
        self.validate()

    def test_an_interrupted_run_is_an_error_in_all(self):
        self.write("notes.md", block("print(1)  # 1"), block("import time", "time.sleep(1000)"),
                   block("import time", "time.sleep(1001)"))
        process = self.start("check", "-j", "3", "--timeout", "100", "--tap", "-", "--junit",
                             "r.xml", "--sarif", "r.sarif", "--gitlab", "gl.json", "--json",
                             "r.json", "notes.md")
        # A point comes as soon as it is known: the others run, for long.
        head = [process.stdout.readline() for _ in range(3)]
        self.assertEqual(head, ["TAP version 14\n", "1..3\n", "ok 1 - notes/top.1\n"])
        process.send_signal(signal.SIGINT)
        rest, stderr = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 3, stderr)
        self.assertEqual([one["class"] for one in self.json("r.json")["snippets"]],
                         ["verified", "infra", "infra"])
        self.assertEqual(self.junit(),
                         {"notes/top.1": "passed", "notes/top.2": "error", "notes/top.3": "error"})
        self.assertEqual(self.tap("".join(head) + rest),
                         {"notes/top.1": "passed", "notes/top.2": "failure",
                          "notes/top.3": "failure"})
        places = self.sarif_places(self.sarif())
        self.assertEqual([place[2:4] for place in places if place[2] == "infra"],
                         [("infra", "error")] * 2)
        self.assertEqual(self.gitlab_places(), places)
        invocation = self.sarif()["invocations"][0]
        self.assertEqual((invocation["executionSuccessful"], invocation["exitCode"]), (False, 3))
        self.validate()

    def test_what_is_no_snippets_fault_is_told(self):
        self.write("notes.md", "# A\n\n", block("print(1)  # 1"))
        self.write("fixtures/broken.py", "PROVIDES = 3\n")
        result, _ = self.all("notes.md", expect=1)
        self.assertEqual(self.junit(), {"notes/a.1": "passed"})
        self.assertEqual(list(self.tap(self.text("r.tap")).values()), ["passed", "failure"])
        errors = [place for place in self.sarif_places(self.sarif()) if place[3] == "error"]
        self.assertEqual([(place[0], place[2]) for place in errors],
                         [("fixtures/broken.py", "fixture")])
        self.assertEqual(self.gitlab_places(), self.sarif_places(self.sarif()))
        self.assertEqual([one[1]["file"] for one in runner(result.stdout) if one[0] == "error"],
                         ["fixtures/broken.py"])
        self.validate()

    def test_what_health_counts_is_in_all_that_have_room(self):
        self.write("docs/a.md", "# All\n\n## &lt;Core> | 1\n\n### 1. What?\n\nSo.\n\n",
                   block("print(1)  # 1"), "### 2. Why?\n\n### 4. How?\n\nSo.\n\n",
                   "### 4. When?\n\nThen.\n\n## Web\n\n### 1. Who?\n\nThey.\n")
        _, report = self.all("docs", expect=0)
        counts = {"<Core> | 1": (5, "4 questions, 1 block, 1 no-answer, 2 no-snippet, 1 gap, "
                                    "1 double"),
                  "Web": (25, "1 question, 0 blocks, 1 no-snippet")}
        self.assertEqual([(one["title"], one["line"]) for one in report["health"]["sections"]],
                         [(title, line) for title, (line, _) in counts.items()])
        suite = ElementTree.parse(self.path("r.xml")).getroot().find("testsuite")
        properties = {one.get("name"): one.get("value") for one in suite.iter("property")}
        tap = self.text("r.tap")
        summary = self.text("summary.markdown")
        for title, (line, text) in counts.items():
            self.assertEqual(properties[f"section: {title}"], text)
            self.assertIn(f"# docs/a.md:{line}: section: {title}: {text}\n", tap)
        self.assertIn("| docs/a.md&#58;5 | &lt;Core&#62; &#124; 1 | 4 | 1 | 2 | 1 | 1 | 1 |\n",
                      summary)
        self.assertIn("| docs/a.md&#58;25 | Web | 1 | | 1 | | | |\n", summary)
        health = {name: value for name, value in report["health"].items() if name != "notes"}
        self.assertEqual(self.sarif()["properties"]["health"], health)
        self.validate()

    def test_nothing_to_run(self):
        self.write("notes.md", "# A\n\nText.\n")
        self.all("notes.md", expect=4)
        self.assertEqual(self.junit(), {})
        self.assertIn("1..0 # SKIP", self.text("r.tap"))
        self.validate()

    def test_bytes_that_are_no_name(self):
        name = os.fsdecode(b"caf\xe9 %.md")
        self.write(name, "# A\n\n", block("print(1)  # 2"))
        result, _ = self.all(".", expect=1)
        uri = self.sarif()["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
        self.assertEqual(uri["uri"], "caf%E9%20%25.md")
        self.assertEqual(self.gitlab_places()[0][0], "caf\\xe9 %.md")
        self.assertEqual(runner(result.stdout)[0][1]["file"], "caf\\xe9 %.md")
        self.junit()
        self.validate()

    def test_paths_are_as_the_ci_service_sees_them(self):
        self.write("docs/a.md", "# A\n\n", block("print(1)  # 2"))
        self.write("docs/deep/b.md", "# B\n\n", block("print(1)  # 2"))
        for variable in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
            self.environment[variable] = self.folder
            self.proctor("check", "--gitlab", "../gl.json", "../docs/./a.md",
                         self.path("docs/deep/b.md"), cwd=self.path("docs"), expect=1)
            self.assertEqual([one[0] for one in self.gitlab_places() if one[2] == "false"],
                             ["docs/a.md", "docs/deep/b.md"])
            del self.environment[variable]
        self.proctor("check", "--gitlab", "gl.json", "./docs", expect=1)
        self.assertEqual([one[0] for one in self.gitlab_places() if one[2] == "false"],
                         ["docs/a.md", "docs/deep/b.md"])

    def test_the_summary_is_appended_and_holds_no_markup_of_snippets(self):
        self.write("notes.md", "# A\n\n", block("print('<b>|`x`')  # Output: '<i>|`y`'"))
        self.write("summary.markdown", "before\n")
        self.all("notes.md", expect=1)
        summary = self.text("summary.markdown")
        self.assertTrue(summary.startswith("before\n### proctor\n"))
        self.assertNotIn("<b>", summary)
        self.assertNotIn("`", summary)
        self.assertIn("| false | 1 |", summary)
        # One that cannot be written is told, and the check goes on.
        self.environment["GITHUB_STEP_SUMMARY"] = self.path("no/folder/summary")
        result = self.proctor("check", "--github", "notes.md", expect=1)
        self.assertIn("GITHUB_STEP_SUMMARY", result.stderr)

    # --- paths of reports ---------------------------------------------------------------------

    def test_where_reports_go(self):
        self.write("notes.md", "# A\n\n", block("print(1)  # 1"))
        for name in ("--junit", "--tap", "--sarif", "--gitlab", "--html"):
            with self.subTest(name):
                result = self.proctor("check", name, "-", "notes.md", expect=0)
                self.assertIn("1 block: 1 verified", result.stderr)
                self.assertNotIn("1 verified\n", result.stdout)
                result = self.proctor("check", name, "notes.md", expect=2)
                self.assertIn("is a document", result.stderr)
                result = self.proctor("check", name, "no/such/folder/r", "notes.md", expect=2)
                self.assertIn("no/such/folder/r", result.stderr)
                self.assertEqual(result.stdout, "")
        os.mkdir(self.path("sub"))
        os.symlink("r.xml", self.path("link"))
        for one, other in (("-", "-"), ("r.xml", "r.xml"), ("r.xml", "./sub/../r.xml")):
            result = self.proctor("check", "--junit", one, "--tap", other, "notes.md", expect=2)
            self.assertIn("--junit and --tap both write to", result.stderr)
        self.assertFalse(os.path.exists(self.path("r.xml")))
        self.write("r.xml", "old")
        self.proctor("check", "--junit", "link", "--tap", "r.xml", "notes.md", expect=2)
        self.assertEqual(self.text("r.xml"), "old")
        self.proctor("check", "--junit", "/dev/null", "--tap", "/dev/null", "notes.md", expect=0)

    # --- consumers ----------------------------------------------------------------------------

    def test_prove_reads_it(self):
        self.needs("prove", shutil.which("prove"))
        # It says to what it runs which version it knows: TAP_VERSION.
        self.assertNotIn(" ", PROCTOR)
        command = f"{PROCTOR} check --tap -"
        for text, code, verdict in ((block("print(2)  # 2"), 0, "Result: PASS"),
                                    (block("print(2)  # 3 ]]>"), 0, "Result: PASS"),
                                    (block("print(2)  # Output: 3"), 1, "Result: FAIL")):
            self.write("notes.md", "# A #1\n\n", block("print(1)  # 1"),
                       block("print(nowhere)"), text)
            result = subprocess.run(["prove", "--verbose", "--exec", command, "notes.md"],
                                    cwd=self.folder, env=self.environment, capture_output=True,
                                    text=True, check=False)
            self.assertEqual(result.returncode, code, result.stdout + result.stderr)
            self.assertIn(verdict, result.stdout)
            self.assertNotIn("Parse errors", result.stdout)
            self.assertIn("Tests=3", result.stdout)

    def test_perls_parser_reads_the_diagnostics(self):
        self.needs("prove", shutil.which("prove"))
        self.bank()
        self.environment["TAP_VERSION"] = "13"
        _, report = self.all("--timeout", "2", ".", expect=1)
        script = """
            use TAP::Parser; use JSON::PP; binmode STDOUT, ':raw'; my @all;
            open(my $in, '<', $ARGV[0]) or die;
            my $parser = TAP::Parser->new({source => $in});
            while (my $one = $parser->next) {
              push @all, ['test', $one->is_ok ? 1 : 0, $one->has_skip ? 1 : 0] if $one->is_test;
              push @all, ['data', $one->data] if $one->is_yaml;
            }
            print JSON::PP->new->encode([[$parser->parse_errors], @all]);"""
        result = subprocess.run(["perl", "-e", script, self.path("r.tap")], capture_output=True,
                                text=True, check=True)
        errors, *all_of_it = json.loads(result.stdout)
        self.assertEqual(errors, [])
        tests = [one for one in all_of_it if one[0] == "test"]
        self.assertEqual(len(tests), report["blocks"])
        data = [one[1] for one in all_of_it if one[0] == "data"]
        said = sum(1 for one in report["snippets"]
                   if one["class"] not in ("verified", "ran", "skipped"))
        self.assertEqual(len(data), said)
        self.assertTrue(all(one["problems"][0]["message"] for one in data))

    def test_tappy_reads_it(self):
        try:
            import tap.parser
            import yaml  # pylint: disable=unused-import
        except ImportError:
            self.needs("python3-tap or python3-yaml", False)
        self.bank()
        _, report = self.all("--timeout", "2", ".", expect=1)
        lines = list(tap.parser.Parser().parse_file(self.path("r.tap")))
        self.assertEqual([one for one in lines if one.category == "unknown"], [])
        tests = [one for one in lines if one.category == "test"]
        grades = list(self.grades(report).values())
        self.assertEqual([one.ok for one in tests],
                         [one in ("passed", "skipped") for one in grades])
        self.assertEqual([bool(one.skip) for one in tests], [one == "skipped" for one in grades])
        for one, snippet in zip(tests, report["snippets"]):
            if not one.ok:
                self.assertEqual(one.yaml_block["class"], snippet["class"])
                self.assertEqual(one.yaml_block["file"], os.path.normpath(snippet["file"]))

    def test_junitparser_reads_it(self):
        try:
            import junitparser
        except ImportError:
            self.needs("python3-junitparser", False)
        self.bank()
        _, report = self.all("--timeout", "2", ".", expect=1)
        read = junitparser.JUnitXml.fromfile(self.path("r.xml"))
        grades = list(self.grades(report).values())
        self.assertEqual((read.tests, read.failures, read.errors),
                         (len(grades), grades.count("failure"), 0))
        names = [case.name for suite in read for case in suite]
        self.assertEqual(names, [one["id"] for one in report["snippets"]])


if __name__ == "__main__":
    main()
