"""proctor check --since and --staged: what changed, and nothing else."""

import os

from gitted import Gitted
from support import block, main

BANK = (("1. One", ("print(1 + 1)  # 2",)),
        ("2. Two", ("x = 5",), ("print(x)  # 5",)),
        ("3. Three", ("print('three')  # three",)))


def document(questions, prose="Prose."):
    parts = ["# Bank\n\n"]
    for title, *blocks in questions:
        parts.append(f"## {title}\n\n{prose}\n\n")
        parts.extend(block(*lines) for lines in blocks)
    return "".join(parts)


class Since(Gitted):
    def setUp(self):
        super().setUp()
        self.write("bank.md", document(BANK))
        self.commit("v1")

    def changed(self, *arguments, revision="v1", expect=None):
        """Ids of the snippets that --since finds."""
        report = self.check("--since", revision, *arguments, expect=expect)
        return [snippet["id"].partition("/")[2] for snippet in report["snippets"]]

    def edit(self, name, old, new):
        with open(self.path(name), encoding="utf-8") as file:
            text = file.read()
        self.assertIn(old, text)
        self.write(name, text.replace(old, new, 1))

    def test_nothing_changed(self):
        result = self.proctor("check", "--since", "v1", expect=0)
        self.assertEqual(result.stdout, f"0 of 4 blocks changed since v1 ({self.short('v1')}): "
                                        "nothing to run\n")

    def test_an_edit_of_prose_runs_nothing(self):
        self.write("bank.md", document(BANK, "Prose that was worded otherwise, with `code`."))
        self.write("README.md", "A document without code.\n")
        self.assertEqual(self.changed(expect=0), [])

    def test_an_edit_of_code(self):
        self.edit("bank.md", "1 + 1", "1 + 2")
        self.assertEqual(self.changed(expect=1), ["1.1"])
        result = self.proctor("check", "--since", "v1", expect=1)
        self.assertIn("says '2', printed 3", result.stdout)
        self.assertIn(f"1 of 4 blocks changed since v1 ({self.short('v1')})", result.stdout)

    def test_what_an_earlier_block_decides(self):
        self.edit("bank.md", "x = 5", "x = 2 + 3")
        self.assertEqual(self.changed(expect=0), ["2.1", "2.2"])

    def fixture_bank(self):
        with open(self.path("fixtures/shelf.py"), "w", encoding="utf-8") as file:
            file.write('"""S."""\nPROVIDES = ["shelf"]\n\n'
                       "def setup(variant):\n    return {'shelf': [1]}\n")

    def test_earlier_blocks_that_do_not_run_before_it(self):
        """Its fixture has the name that an earlier block binds as well."""
        os.makedirs(self.path("fixtures"), exist_ok=True)
        self.fixture_bank()
        self.write("bank.md", document((("1. One", ("x = 5", "print(x)  # 5")),
                                        ("2. Two", ("for book in shelf:", "    print(book)")),
                                        ("3. Three", ("print(shelf)  # [2]",)))))
        self.commit("v2")
        self.edit("bank.md", "x = 5", "x = 4 + 1")
        self.assertEqual(self.changed(revision="v2", expect=0), ["1.1"])

    def test_old_news_of_a_block_that_ran_alone(self):
        """Of its earlier blocks one is needed, as far as can be told, but none makes it better."""
        self.write("bank.md", document((
            ("1. One", ("x = 5", "print(x)  # 5")),
            ("2. Two", ("try:", "    print(y)", "except NameError:", "    print(1)  # 2")),
            ("3. Three", ("y = 1",)), )) .replace("## 1. One", "## 0. None\n\n" +
                                                block("def y():", "    raise NameError") +
                                                "## 1. One"))
        self.commit("v2")
        self.edit("bank.md", "    raise NameError", "    raise  NameError")
        self.assertNotIn("2.1", self.changed(revision="v2"))

    def test_an_earlier_block_that_it_lost(self):
        self.edit("bank.md", block("x = 5"), block("z = 5"))
        self.assertEqual(self.changed(), ["2.1", "2.2"])
        self.assertIn("name 'x' is bound nowhere", self.proctor("check", "--since", "v1").stdout)

    def test_remarks_of_what_nobody_edited(self):
        odd = "Look at\n    print('odd')\n\n"
        self.write("bank.md", document(BANK) + odd)
        self.commit("v2")
        self.assertTrue(self.check()["remarks"])
        self.edit("bank.md", "1 + 1", "2 + 0")
        report = self.check("--since", "v2", expect=0)
        self.assertEqual(report["remarks"], [])
        self.assertIsNone(report["health"])

    def test_a_block_that_others_do_not_need(self):
        self.edit("bank.md", "'three'", "'th' + 'ree'")
        self.assertEqual(self.changed(expect=0), ["3.1"])

    def test_moves_and_renumbering_are_no_change(self):
        self.write("bank.md", document((("1. New", ("print('new')",)), ("2. Three", *BANK[2][1:]),
                                        ("3. One", *BANK[0][1:]), ("4. Two", *BANK[1][1:]))))
        self.assertEqual(self.changed(expect=0), ["1.1"])

    def test_a_block_that_is_indented_is_the_same(self):
        self.edit("bank.md", block("print(1 + 1)  # 2"),
                  "- an item\n\n  ```python\n  print(1 + 1)  # 2\n  ```\n\n")
        self.assertEqual(self.changed(expect=0), [])

    def test_a_renamed_document_is_the_same(self):
        self.git("mv", "bank.md", "lessons.md")
        self.assertEqual(self.changed(expect=0), [])
        self.edit("lessons.md", "1 + 1", "0 + 2")
        self.assertEqual(self.changed(expect=0), ["1.1"])

    def test_a_renamed_document_that_is_named(self):
        self.git("mv", "bank.md", "lessons.md")
        self.assertEqual(self.changed("lessons.md", expect=0), [])

    def test_a_block_that_moved_to_another_document(self):
        self.write("bank.md", document(BANK[:2]))
        self.write("more.md", document(BANK[2:]))
        self.assertEqual(self.changed(expect=0), [])

    def test_what_is_shown_as_output(self):
        self.write("bank.md", block("for i in 5, 6, 7:", "    print('line', i)"),
                   "Output:\n\n", block("line 5", "line 6", "line 7", language="text"))
        self.commit("v2")
        self.write("bank.md", block("for i in 5, 6, 7:", "    print('line', i)"),
                   "Output:\n\n", block("line 5", "line 6", "line 8", language="text"))
        self.assertEqual(len(self.changed(revision="v2", expect=1)), 1)

    def test_a_fixture(self):
        self.write("fixtures/shelf.py", '"""S."""\nPROVIDES = ["shelf"]\n\n'
                                        "def setup(variant):\n    return {'shelf': [1]}\n")
        self.write("fixtures/_data.py", "COUNT = 1\n")
        self.write("shelf.md", block("print(len(shelf))  # 1"), block("print(3)  # 3"))
        self.commit("v2")
        self.assertEqual(self.changed(revision="v2", expect=0), [])
        self.edit("fixtures/shelf.py", "[1]", "[1, 2]")
        report = self.check("--since", "v2")
        self.assertEqual(len(report["snippets"]), 1)
        self.git("checkout", "--quiet", ".")
        self.edit("fixtures/_data.py", "1", "2")  # any file of its folder
        self.assertEqual(len(self.changed(revision="v2")), 1)

    def test_the_configuration(self):
        self.write("bank.yaml", "documents:\n  bank.md:\n    snippets:\n      1.1: {timeout: 3}\n")
        self.assertEqual(self.changed(expect=0), ["1.1"])
        self.commit("v2")
        self.write("bank.yaml", "documents:\n  bank.md:\n    snippets:\n"
                                "      1.1: {timeout: 3}\n      3.1: {skip: later}\n")
        self.assertEqual(self.changed(revision="v2", expect=0), ["3.1"])

    def test_an_expectation(self):
        self.proctor("accept", "bank/3.1", expect=0)
        self.commit("v2")
        self.assertEqual(self.changed(revision="v2", expect=0), [])
        name = "expected/bank/3.1.txt"
        self.assertTrue(os.path.exists(self.path(name)), os.listdir(self.folder))
        self.edit(name, "three", "drei")
        self.assertEqual(self.changed(revision="v2", expect=1), ["3.1"])

    def test_everything_is_new_where_the_path_was_not_there(self):
        self.write("new/other.md", document(BANK))
        self.assertEqual(len(self.changed("new", expect=0)), 4)

    def test_an_older_bank_that_cannot_be_read(self):
        self.write("bank.yaml", "documents: [\n")
        self.commit("broken")
        os.remove(self.path("bank.yaml"))
        result = self.proctor("check", "--since", "broken", expect=0)
        self.assertIn("the bank cannot be read as it was at broken", result.stderr)
        self.assertIn("every block is checked", result.stderr)
        self.assertIn("bank.yaml:", result.stderr)
        self.assertTrue(result.stdout.startswith("4 blocks: "), result.stdout)

    def test_staged(self):
        self.edit("bank.md", "1 + 1", "1 + 2")
        self.assertEqual(self.check("--staged", expect=0)["snippets"], [])
        self.git("add", "bank.md")
        self.edit("bank.md", "1 + 2", "1 + 1")  # the disk is not what is asked about
        report = self.check("--staged", expect=1)
        self.assertEqual([each["class"] for each in report["snippets"]], ["false"])
        self.commit("v2")
        report = self.check("--staged", "--since", "v1", expect=0)
        self.assertEqual(report["snippets"], [])

    def test_staged_before_the_first_commit(self):
        self.git("checkout", "--quiet", "--orphan", "fresh")
        result = self.proctor("check", "--staged", expect=0)
        self.assertIn("4 of 4 blocks new: there is no commit yet", result.stdout)

    def test_between_two_revisions(self):
        self.edit("bank.md", "1 + 1", "1 + 2")
        self.commit("v2")
        self.write("bank.md", "")
        self.assertEqual(self.changed("--rev", "v2", expect=1), ["1.1"])

    def test_what_cannot_be_asked(self):
        result = self.proctor("check", "--since", "nowhere", expect=2)
        self.assertIn("nowhere", result.stderr)
        result = self.proctor("check", "--since", "v1..v1", expect=2)
        self.assertIn("proctor diff", result.stderr)

    def test_reasons_do_not_add_up_to_more_than_there_is(self):
        self.edit("bank.md", "x = 5", "x = 6")
        self.edit("bank.md", "print(x)  # 5", "print(x)  # 6")
        self.assertEqual(self.changed(expect=0), ["2.1", "2.2"])


if __name__ == "__main__":
    main()
