"""Fixtures with a database: each snippet has its own, in memory and on real
servers, where PROCTOR_POSTGRESQL_URL and PROCTOR_MARIADB_URL name them
(ci/databases with ...)."""

import concurrent.futures
import contextlib
import os
import re
import shutil
import signal
import subprocess
import unittest
import urllib.parse

from support import SOURCE, Folder, block, main

FIXTURES = os.path.join(SOURCE, "examples", "fixtures")
HERE = os.path.dirname(os.path.abspath(__file__))
SERVERS = {name: url for name, url in (("postgresql", os.environ.get("PROCTOR_POSTGRESQL_URL")),
                                       ("mariadb", os.environ.get("PROCTOR_MARIADB_URL"))) if url}
# In memory, and each server that there is.
ALL = {"sqlite": None, **SERVERS}
PYTHON = os.environ["PROCTOR_PYTHON"]


def has_module(name):
    return subprocess.run([PYTHON, "-c", "import " + name], stderr=subprocess.DEVNULL,
                          check=False).returncode == 0


def connect(url):
    """To a server, as the fixtures do it, but for ourselves."""
    parts = urllib.parse.urlsplit(url)
    place = dict(urllib.parse.parse_qsl(parts.query))
    if parts.scheme == "postgresql":
        import psycopg2
        connection = psycopg2.connect(user=parts.username, dbname=parts.path[1:], **place)
        connection.autocommit = True
        return connection
    import MySQLdb
    return MySQLdb.connect(user=parts.username, autocommit=True, **place)


def ask(connection, sql):
    with contextlib.closing(connection.cursor()) as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()] if cursor.description else []


def databases_of(url):
    """Names of those that fixtures have made and that are still there."""
    table = "datname FROM pg_database" if url.startswith("postgresql") else \
        "schema_name FROM information_schema.schemata"
    with contextlib.closing(connect(url)) as connection:
        return [name for name in ask(connection, "SELECT " + table)
                if name.startswith("proctor_")]


# What a snippet changes, each as if it were alone.
CHANGES = [
    ["book = Book.objects.create(title='mine', author=Author.objects.get())",
     "print(book.id)  # 3",
     "print(Book.objects.count())  # 3"],
    ["print(Book.objects.all().delete()[0] > 1)  # True",
     "print(Book.objects.count())  # 0"],
    ["Book.objects.update(title='same')",
     "print(list(Book.objects.values_list('id', 'title')))  # [(1, 'same'), (2, 'same')]"],
    ["Author.objects.all().delete()",
     "print(Book.objects.count())  # 0",
     "print(Author.objects.create(name='next').id)  # 2"],
]

# All that a database can do a little differently; the last two fail everywhere.
VARIETY = [
    ["print([author.name for author in Author.objects.all()])",
     "print(Author.objects.get().id, [book.id for book in Book.objects.all()])  # 1 [1, 2]"],
    ["try:",
     "    with transaction.atomic():",
     "        Author.objects.create(id=1, name='again')",
     "except IntegrityError:",
     "    print('refused')  # refused",
     "print(Author.objects.create(name='next').name)  # next"],
    ["with transaction.atomic():",
     "    Book.objects.create(title='outer', author_id=1)",
     "    try:",
     "        with transaction.atomic():",
     "            Book.objects.create(title='inner', author_id=1)",
     "            raise KeyError",
     "    except KeyError:",
     "        pass",
     "print([book.title for book in Book.objects.all()])  # ['first', 'second', 'outer']"],
    ["print(Book.objects.get(title='first').related.count())  # 2",
     "print(Book.objects.filter(author__name__startswith='Ann').count())  # 2",
     "print(Book.objects.filter(price__gt=3).first().price)  # 10.00"],
    ["import threading",
     "def add():",
     "    Author.objects.create(name='of a thread')",
     "thread = threading.Thread(target=add)",
     "thread.start()",
     "thread.join()",
     "print(Author.objects.count())  # 2"],
    ["from django.db import connection",
     "connection.close()",
     "print(Book.objects.count())  # 2"],
    ["Book.objects.create(title='refused', author_id=1, price='no number')"],
    ["print(Book.objects.count())  # 3"],
]


class Shelf(Folder):
    """Has the fixture with the two books."""

    def setUp(self):
        super().setUp()
        if not has_module("django"):
            self.skipTest(f"{PYTHON} has no Django")
        os.mkdir(self.path("fixtures"))
        for folder, names in ((FIXTURES, ("_database.py", "_servers.py")), (HERE, ("shelf.py",))):
            for name in names:
                shutil.copy(os.path.join(folder, name), self.path("fixtures"))
        self.environment.pop("PROCTOR_DATABASE_URL", None)

    def on(self, url):
        self.environment.pop("PROCTOR_DATABASE_URL", None)
        if url:
            self.environment["PROCTOR_DATABASE_URL"] = url

    def assertAll(self, expected, report):
        for snippet in report["snippets"]:
            self.assertEqual(snippet["class"], expected,
                             (snippet["outcome"], snippet["failure"], snippet["traceback"],
                              snippet["stderr"], snippet["claims"]))


class Databases(Shelf):
    def test_snippets_never_see_each_others_rows(self):
        self.write("notes.md", *[block(*lines) for lines in CHANGES * 2])
        for name, url in ALL.items():
            with self.subTest(name):
                self.on(url)
                report = self.check("-j", "2", "notes.md", expect=0)
                self.assertAll("verified", report)
                self.assertEqual({snippet["fixture"]["name"] for snippet in report["snippets"]},
                                 {"shelf"})

    def test_two_at_the_same_time_never_do(self):
        """Each has made its row, and looks only when the other has, too."""
        for mine, other in ("ab", "ba"):
            self.write(mine + ".md", block(
                "import os, time",
                f"book = Book.objects.create(title='{mine}', author_id=1)",
                f"open({self.path(mine)!r}, 'w').close()",
                f"while not os.path.exists({self.path(other)!r}):",
                "    time.sleep(0.01)",
                "print(Book.objects.count(), book.id)  # 3 3",
                "print([book.title for book in Book.objects.all()][2])" f"  # {mine}"))
        for name, url in ALL.items():
            with self.subTest(name):
                self.on(url)
                for made in set(os.listdir(self.folder)) & {"a", "b"}:
                    os.remove(self.path(made))
                both = {each: self.start("check", "--strict", each + ".md") for each in "ab"}
                with concurrent.futures.ThreadPoolExecutor(2) as pool:
                    for code, output in pool.map(self.finish, both, both.values()):
                        self.assertEqual(code, 0, output)

    def finish(self, name, process):
        """However it ends: nobody waits for it any longer."""
        try:
            with process:
                output = process.communicate(timeout=60)
            return process.returncode, output
        finally:
            open(self.path(name), "w").close()

    def test_verdicts_are_the_same_on_all(self):
        self.write("notes.md", *[block(*lines) for lines in VARIETY])
        seen = {}
        for name, url in ALL.items():
            with self.subTest(name):
                self.on(url)
                report = self.check("notes.md")
                seen[name] = [
                    (snippet["class"], snippet["outcome"], snippet["stdout"],
                     [claim["holds"] for claim in snippet["claims"]],
                     [(event["kind"], event["line"], event["count"], event["text"].split()[0])
                      for event in snippet["events"]])
                    for snippet in report["snippets"]]
                self.assertEqual(self.classes(report),
                                 ["verified"] * (len(VARIETY) - 2) + ["raised", "ran"])
                for this, in_memory in zip(seen[name], seen["sqlite"]):
                    self.assertEqual(this, in_memory)

    def test_statements_are_told_with_rows(self):
        self.write("notes.md", block(
            "books = list(Book.objects.all())",
            "Book.objects.filter(id=1).update(title='new')",
            "with transaction.atomic():",
            "    Author.objects.get(id=1)"))
        for name, url in ALL.items():
            with self.subTest(name):
                self.on(url)
                (snippet,) = self.check("notes.md", expect=0)["snippets"]
                self.assertEqual(
                    [(event["kind"], event["line"] - snippet["line"] + 1, event["count"],
                      re.match(r"\w+", event["text"])[0]) for event in snippet["events"]],
                    [("sql", 1, 2, "SELECT"), ("sql", 2, 1, "UPDATE"),
                     ("transaction", 3, None, "BEGIN"), ("sql", 4, 1, "SELECT"),
                     ("transaction", 3, None, "COMMIT")])

    def test_a_server_that_does_not_answer_is_said(self):
        self.write("notes.md", block("print(Book.objects.count())  # 2"), block("print(1)  # 1"))
        for scheme, module, name in (("postgresql", "psycopg2", "PostgreSQL"),
                                     ("mysql", "MySQLdb", "MariaDB")):
            if not has_module(module):
                continue
            with self.subTest(scheme):
                self.on(f"{scheme}://someone:secret@127.0.0.1:1/books")
                report = self.check("notes.md")
                self.assertEqual(self.classes(report), ["needs", "verified"])
                self.assertIn(f"no {name} answers at 127.0.0.1, port 1",
                              report["snippets"][0]["reason"])
                self.assertNotIn("secret", str(report))

    def test_another_kind_of_server_is_said(self):
        self.write("notes.md", block("print(Book.objects.count())  # 2"))
        self.on("oracle://127.0.0.1/books")
        (snippet,) = self.check("notes.md")["snippets"]
        self.assertEqual(snippet["class"], "needs")
        self.assertIn("postgresql:// or mysql://, not with oracle://", snippet["reason"])


@unittest.skipUnless(SERVERS, "no servers: ci/databases with ...")
class Servers(Shelf):
    def test_nothing_is_left_there(self):
        self.write("notes.md", *[block(*lines) for lines in CHANGES])
        for name, url in SERVERS.items():
            with self.subTest(name):
                self.on(url)
                self.assertAll("verified", self.check("-j", "1", "notes.md", expect=0))
                self.assertEqual(databases_of(url), [])

    def test_killed_snippets_leave_nothing(self):
        self.write("bad.md", *[block("Book.objects.count()", *lines) for lines in (
            ["import os", "os._exit(0)"], ["import os", "os.kill(os.getpid(), 9)"],
            ["while True: pass"], ["import os", "if os.fork() == 0: raise SystemExit"])])
        for name, url in SERVERS.items():
            for jobs in "12":
                with self.subTest(name, jobs=jobs):
                    self.on(url)
                    self.check("-j", jobs, "--timeout", "1", "bad.md")
                    self.assertEqual(databases_of(url), [])

    def test_an_interrupted_run_leaves_nothing(self):
        self.write("long.md", block("Book.objects.count()", f"open({self.path('runs')!r}, 'w')",
                                    "while True: pass"))
        for name, url in SERVERS.items():
            with self.subTest(name):
                self.on(url)
                with self.start("check", "--timeout", "100", "long.md") as process:
                    while not os.path.exists(self.path("runs")):
                        self.assertIsNone(process.poll())
                    self.assertEqual(len(databases_of(url)), 1)
                    process.send_signal(signal.SIGINT)
                    process.communicate(timeout=60)
                self.assertEqual(databases_of(url), [])
                os.remove(self.path("runs"))

    def test_a_zygote_that_still_loads_leaves_nothing(self):
        """The second one of the fixture, because a snippet takes long; the first has time for
        all before it is ready."""
        self.write("notes.md", block("Book.objects.count()", "import time", "time.sleep(0.75)"),
                   block("Book.objects.count()"))
        for name, url in SERVERS.items():
            with self.subTest(name):
                self.on(url)
                self.check("-j", "2", "notes.md")
                self.assertEqual(databases_of(url), [])

    def test_the_banks_own_documents_are_true(self):
        shutil.copytree(os.path.join(SOURCE, "examples"), self.path("examples"))
        shutil.copytree(os.path.join(SOURCE, "expected"), self.path("expected"))
        for name, url in SERVERS.items():
            for document in ("django-orm", "rest", f"servers/{name}"):
                with self.subTest(name, document=document):
                    self.on(url)
                    path = f"examples/{document}.md"
                    self.assertAll("verified", self.check("--strict", path, expect=0))
                    self.assertEqual(databases_of(url), [])

    def test_what_another_still_uses_stays(self):
        self.write("good.md", block("print(Book.objects.count())  # 2"))
        for kind, url in SERVERS.items():
            with self.subTest(kind), contextlib.closing(connect(url)) as owner:
                self.on(url)
                if kind == "postgresql":
                    home = ask(owner, "SELECT oid FROM pg_database"
                                      " WHERE datname = current_database()")[0]
                    name = f"proctor_{home}_used"
                    ask(owner, f"SELECT pg_advisory_lock(hashtextextended('{name}', 0))")
                else:
                    name = "proctor_used"
                    ask(owner, f"SELECT GET_LOCK('{name}', 0)")
                ask(owner, f"CREATE DATABASE {name}")
                self.check("good.md", expect=0)
                self.assertEqual(databases_of(url), [name])
            with self.subTest(kind):
                self.check("--no-cache", "good.md", expect=0)
                self.assertEqual(databases_of(url), [])


if __name__ == "__main__":
    main()
