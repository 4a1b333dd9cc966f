"""The fixture of examples/fixtures/library.py: what its words confirm, what they find to be
wrong, and what they leave alone because it may mean something else."""

import importlib.util
import os
import sys

from support import SOURCE, Folder, block, main

FRAGMENT = "author = models.ForeignKey(Author, on_delete=models.{})"
# Prose or None, and a snippet.
TRUE = [
    (None, ["books = Book.objects.all()  # no query yet",
            "for book in books:  # the query runs here",
            "    book.author.name  # a query for each book"]),
    (None, ["list(Author.objects.prefetch_related('books'))  # two queries"]),
    (None, ["# one query, with a JOIN", "list(Book.objects.select_related('author'))"]),
    (None, ["def load():", "    return list(Book.objects.all())", "", "load()  # one query"]),
    (None, ["with transaction.atomic():", "    book.save()  # part of the transaction",
            "# commit happens here"]),
    (None, ["class Pen(models.Model):", "    author = models.ForeignKey('Author', models.CASCADE)",
            "    cap = models.ForeignKey('Cap', models.SET_NULL, null=True)",
            "class Cap(models.Model):", "    color = models.CharField(max_length=9, unique=True)",
            "print(Pen.objects.count())  # 0"]),
    ("When an author is deleted, the books are deleted, too.", [FRAGMENT.format("CASCADE")]),
    ("It prevents deletion.", [FRAGMENT.format("PROTECT")]),
    ("A table like author_clubs with the columns author_id and club_id.",
     ["class Club(models.Model):", "    name = models.CharField(max_length=9)",
      "class Author(models.Model):", "    clubs = models.ManyToManyField(Club)"]),
    (None, ["email = models.EmailField(db_index=True)"]),
    (None, ["print(Book.objects.create(title='Book3', author=author).id)  # 3"]),
]
FALSE = [
    (None, ["books = list(Book.objects.all())  # no query yet"]),
    (None, ["books = Book.objects.all()  # the query runs here"]),
    (None, ["for book in Book.objects.select_related('author'):",
            "    book.author.name  # a query for each book"]),
    (None, ["book.save()  # part of the transaction"]),
    (None, ["try:", "    with transaction.atomic():", "        book.save()",
            "        raise ValueError", "    # commit happens here",
            "except ValueError:", "    pass"]),
    ("With PROTECT, all books are deleted.", [FRAGMENT.format("PROTECT")]),
    ("A table like pen_caps with the columns pen_id and lid_id.",
     ["class Cap(models.Model):", "    pass", "class Pen(models.Model):",
      "    caps = models.ManyToManyField(Cap)"]),
]
# Neither true nor a lie of the statement that they stand at.
LEFT_ALONE = [
    (None, ["authors = list(Book.objects.select_related('author'))  # no query for the authors"]),
    (None, ["book.save()  # do this inside a transaction"]),
    (None, ["books = Book.objects.all()  # hits the database only when it is iterated"]),
    (None, ["list(Book.objects.select_related('author'))  # would be a query for each book"]),
    (None, ["book = Book.objects.get(id=1)  # UPDATE: this has changed"]),
    (None, ["list(Book.objects.prefetch_related('tags'))  # one query plus one for the tags"]),
    ("If an author is deleted, all their books are deleted, too.\nPROTECT raises instead.",
     [FRAGMENT.format("PROTECT")]),
]


def document(cases):
    """Each case under a heading of its own."""
    return "".join(f"# {number}. Question\n\n{prose or ''}\n\n{block(*lines)}"
                   for number, (prose, lines) in enumerate(cases, 1))


class Library(Folder):
    def marks(self, cases):
        self.write("notes.md", document(cases))
        report = self.check("--fixtures", os.path.join(SOURCE, "examples", "fixtures"), "notes.md")
        self.assertEqual(len(report["snippets"]), len(cases))
        return report["snippets"]

    def test_what_is_true(self):
        for case, snippet in zip(TRUE, self.marks(TRUE)):
            with self.subTest(case):
                self.assertEqual(snippet["class"], "verified", snippet["claims"])
                self.assertEqual({claim["holds"] for claim in snippet["claims"]}, {True},
                                 snippet["claims"])

    def test_what_is_false(self):
        for case, snippet in zip(FALSE, self.marks(FALSE)):
            with self.subTest(case):
                self.assertEqual(snippet["class"], "false", snippet["claims"])

    def test_what_is_left_alone(self):
        for case, snippet in zip(LEFT_ALONE, self.marks(LEFT_ALONE)):
            with self.subTest(case):
                self.assertNotIn(False, [claim["holds"] for claim in snippet["claims"]])

    def test_a_snippet_never_sees_the_rows_of_another(self):
        cases = [(None, ["Tag.objects.create(name='new')", "print(Tag.objects.count())  # 3"])] * 6
        self.assertEqual({snippet["class"] for snippet in self.marks(cases)}, {"verified"})


if __name__ == "__main__":
    # The worker's Python is Debian's, as is the one that runs this.
    if importlib.util.find_spec("django") is None:
        print("skipped: Django is absent")
        sys.exit(77)
    main()
