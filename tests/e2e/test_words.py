"""What the fixtures of examples/fixtures say of comments and of the text beside a snippet: what
their words confirm, what they find to be wrong, and what they leave alone because it may mean
something else, or be true of the author's own rows, models and settings."""

import importlib.util
import os
import sys

from support import SOURCE, Folder, block, main

FIXTURES = os.path.join(SOURCE, "examples", "fixtures")

LOAN = """
class Member(models.Model):
    name = models.CharField(max_length=9)

class Loan(models.Model):
    member = models.ForeignKey(Member, on_delete=models.{})
"""
CLUB = """
class Member(models.Model):
    name = models.CharField(max_length=9)

class Club(models.Model):
    members = models.ManyToManyField(Member)
"""
LOCKER = """
class Member(models.Model):
    name = models.CharField(max_length=9)

class Locker(models.Model):
    member = models.OneToOneField(Member, models.CASCADE)
"""
VIEW = """
from django.urls import path

@api_view(["GET"])
def opening_hours(request):
    return Response({"from": 9})

urlpatterns = [path("hours/", opening_hours)]
"""
CLOSED = """
from django.urls import path

class Hours(APIView):
    permission_classes = [permissions.IsAuthenticated]

    def get(self, request):
        return Response({"from": 9})

urlpatterns = [path("hours/", Hours.as_view())]
"""

# Each is a snippet, with the text beside it where there is one.
TRUE = [
    "lessons = Lesson.objects.exclude(minutes=45)  # no query yet\n"
    "for lesson in lessons:  # the query runs here\n"
    "    lesson.course.title  # a query for each lesson",
    "list(Course.objects.prefetch_related('lessons'))  # two queries",
    "# one query, with a JOIN\nlist(Lesson.objects.select_related('course'))",
    "def load():\n    return list(Tag.objects.all())\n\nload()  # one query",
    "tags = Tag.objects.all()  # still lazy",
    "tags = Tag.objects.order_by('name')  # not evaluated yet",
    "with transaction.atomic():\n    tag.save()  # part of the transaction\n# committed",
    "try:\n    with transaction.atomic():\n        tag.save()\n        raise ValueError\n"
    "except ValueError:\n    Tag.objects.create(name='late')  # this is committed",
    "with transaction.atomic():\n    Tag.objects.create(name='gone')\n"
    "    transaction.set_rollback(True)\nTag.objects.create(name='here')  # is committed: no block",
    "with transaction.atomic():\n    tag.save()\n    transaction.set_rollback(True)\n# rolled back",
    "class Pen(models.Model):\n    author = models.ForeignKey('Author', models.CASCADE)\n"
    "    cap = models.ForeignKey('Cap', models.SET_NULL, null=True)\n"
    "class Cap(models.Model):\n    color = models.CharField(max_length=9, unique=True)\n"
    "print(Pen.objects.count())  # 0",
    ("When a member leaves, the loans are deleted, too.", LOAN.format("CASCADE")),
    ("This prevents deletion.", LOAN.format("PROTECT")),
    ("The deletion sets the member of its loans to NULL.",
     LOAN.format("SET_NULL, null=True")),
    ("Several Loan rows may refer to one Member: many loans per member.", LOAN.format("CASCADE")),
    ("Every member has just one locker.", LOCKER),
    ("Django keeps a table named club_members with the columns club_id and member_id.", CLUB),
    "email = models.EmailField(db_index=True)",
    "print(Tag.objects.create(name='orm').id)  # 3",
    VIEW + "client.get('/hours/')  # 200 OK\nclient.post('/hours/')  # 405 Method Not Allowed",
]
FALSE = [
    "tags = list(Tag.objects.all())  # no query yet",
    "count = Lesson.objects.count()  # no query: it is lazy",
    "tags = Tag.objects.all()  # the query runs here",
    "tags = Tag.objects.exclude(name='x')  # this hits the database",
    "tags = Tag.objects.all()\nlist(tags)\nlist(tags)  # hits the DB again",
    "last = Lesson.objects.last()  # still lazy",
    "course = Course.objects.get(id=1)  # not evaluated yet",
    # As in README.
    "lessons = Lesson.objects.all()\nfor lesson in lessons:\n"
    "    print(lesson.course.title)  # no query",
    "for lesson in Lesson.objects.select_related('course'):\n"
    "    lesson.course.title  # a query for each lesson",
    "for lesson in Lesson.objects.select_related('course'):\n"
    "    print(lesson.course.title)  # one query per row",
    "for lesson in Lesson.objects.defer('minutes'):\n    print(lesson.minutes)  # no further query",
    "course = Course.objects.prefetch_related('lessons').get(id=1)\n"
    "list(course.lessons.filter(minutes=45))  # no query, already fetched",
    "list(Course.objects.prefetch_related('lessons'))  # just one query",
    "list(Lesson.objects.select_related('course'))  # two queries",
    "list(Lesson.objects.prefetch_related('course'))  # a single query, with a JOIN",
    "Tag.objects.create(name='orm')  # part of the transaction",
    "with transaction.atomic():\n    tag.save()\nTag.objects.create(name='orm')"
    "  # also part of the transaction",
    "try:\n    with transaction.atomic():\n        tag.save()\n        raise ValueError\n"
    "    # the commit happens here\nexcept ValueError:\n    pass",
    "with transaction.atomic():\n    tag.save()\n    transaction.set_rollback(True)\n# committed",
    ("Under PROTECT, deleting a member also deletes its related loans.", LOAN.format("PROTECT")),
    ("CASCADE sets the column to NULL.", LOAN.format("CASCADE")),
    ("Django creates a table named club_members with the columns club_id and person_id.", CLUB),
    ("By default every web request runs inside a transaction.",
     "with transaction.atomic():\n    tag.save()"),
    VIEW + "client.post('/hours/')  # 201 Created",
    CLOSED + "client.get('/hours/')  # 200 OK",
]
LEFT_ALONE = [
    # Another statement, another time, advice.
    "lessons = list(Lesson.objects.select_related('course'))  # no query for the courses",
    "import django\ntag.save()  # do this inside a transaction",
    "tags = Tag.objects.all()  # hits the database only when it is iterated",
    "list(Lesson.objects.select_related('course'))  # would be a query for each lesson",
    "tag = Tag.objects.get(id=1)  # UPDATE: this has changed",
    "list(Course.objects.prefetch_related('lessons'))  # one query plus one for the lessons",
    # Other frameworks, quoted mistakes, questions, negations.
    "list(Course.objects.prefetch_related('lessons'))  # SQLAlchemy's joinedload: one query",
    "list(Lesson.objects.select_related('course'))  # two queries in Rails, where includes() runs",
    "Tag.objects.count()  # beginners guess: no query",
    "Tag.objects.count()  # 'no query' is what the book says",
    "Tag.objects.count()  # no query?",
    "Tag.objects.count()  # no query here: a myth",
    "Tag.objects.count()  # there is no way to do this with no query",
    "Tag.objects.all()  # the query runs here? Not yet",
    "Tag.objects.all()  # nobody says that it hits the database",
    "first = Tag.objects.first()  # lazy people use first()",
    # A: a world without such rows.
    "list(Course.objects.filter(seats=999).prefetch_related('lessons'))  # 2 queries",
    "Course.objects.filter(title='Music').prefetch_related('lessons').first()  # two queries",
    "names = [tag.name for tag in Tag.objects.filter(name='none such')]\n"
    "list(Tag.objects.filter(name__in=names))  # this hits the database",
    "ids = [course.id for course in Course.objects.all() if course.seats > 900]\n"
    "list(Lesson.objects.filter(course__in=ids))  # the query runs here",
    "list(Course.objects.filter(seats=999))\nlist(Course.objects.filter(seats=3)"
    ".prefetch_related('lessons'))  # 3 queries",
    # B: rows and models decide how many.
    "[lesson.course.title for lesson in Lesson.objects.all()]  # 61 queries",
    "sum(len(course.lessons.all()) for course in Course.objects.all())  # 4 queries",
    "[lesson.course.title for lesson in Lesson.objects.all()]  # 1 query grows to 61 queries",
    "for course in Course.objects.all():\n    course.lessons.count()  # 5 queries in all passes",
    "Course.objects.get(id=1).delete()  # two queries",
    "Tag.objects.create(name='orm')  # 2 queries: the log entry is the second one",
    "Tag.objects.create(name='orm')  # two queries",
    "Tag.objects.get_or_create(name='orm')  # one query",
    "import django\nbook.tags.set([1, 2])  # five queries",
    "import django\nbook.full_clean()  # one query",
    "Tag.objects.bulk_create([Tag(name='a'), Tag(name='b')])  # two queries",
    "list(Tag.objects.all())  # 400 queries before, one now",
    "hits = Tag.objects.filter(name='x').count()  # 3 hits",
    "print(Enrolment.objects.first())  # one query",
    ("A receiver of post_save writes a Tag for every course.",
     "Course.objects.filter(id=1).update(seats=4)  # 2 queries"),
    # C: what the author did beforehand.
    ("The view has asked for `lesson` with its course.",
     "import django\nlesson.course.title  # no query"),
    "import django\ntitle = lesson.course.title  # no queries",
    "import django\nnear = lesson.course\nprint(near.teacher.username)  # no query",
    "def title_of(lesson):\n    return lesson.course.title  # no query\n\n"
    "title_of(Lesson.objects.get(id=1))",
    "import django\nuser.has_perm('school.view_course')  # no query",
    "jane = User.objects.get(username='jane')\njane.has_perm('school.view_course')  # no query",
    "book = Book.objects.get(id=1)\nprint(book.publisher)  # no query",
    "book = Book.objects.get(id=1)\nprint(book.publisher.city)  # no query: a JSONField",
    "book = Book.objects.get(id=1)\nprint(book.publisher.city)  # no query, it is in the cache",
    ("`Lesson.objects` is a manager that joins the course.",
     "for lesson in Lesson.objects.all():\n    print(lesson.course.title)  # no query"),
    "# the default manager selects the course, too\nlesson = Lesson.objects.get(id=1)\n"
    "print(lesson.course.title)  # no query",
    "found = {}\ntag = found.get(1) or Tag.objects.get(id=1)  # no query",
    # D: what rows decide, and what stands behind a block.
    "with transaction.atomic():\n    left = Course.objects.filter(seats=999).update(seats=1)\n"
    "    if not left:\n        transaction.set_rollback(True)\n# committed",
    "with transaction.atomic():\n    Student.objects.create(name='Alan', email='new@b.c')\n"
    "# rolled back",
    "with transaction.atomic():\n    tag.save()\n    transaction.set_rollback(True)\n"
    "count = Tag.objects.count()  # all of these are committed",
    "with transaction.atomic():\n    tag.save()\nnotes = ['rolled back']  # rolled back on Monday",
    "with transaction.atomic():  # rolled back: it is there already\n    try:\n"
    "        with transaction.atomic():\n            Tag.objects.get_or_create(name='orm')\n"
    "    except IntegrityError:\n        pass",
    "transaction.set_autocommit(False)\nTag.objects.create(name='a')  # part of the transaction\n"
    "transaction.commit()\ntransaction.set_autocommit(True)",
    ("In a test case:", "Tag.objects.create(name='a')  # part of the transaction"),
    # E: prose on what a deletion does.
    ("If a member is deleted, all their loans are deleted, too.\nPROTECT raises instead.",
     LOAN.format("PROTECT")),
    ("With PROTECT, no member goes before the loans are removed with a script.",
     LOAN.format("PROTECT")),
    ("PROTECT never deletes related rows.", LOAN.format("PROTECT")),
    ("PROTECT deletes its rows only when you do it by hand.", LOAN.format("PROTECT")),
    ("SET_NULL: first the column is emptied; then the members are deleted.",
     LOAN.format("SET_NULL, null=True")),
    ("CASCADE where SET NULL would do? The latter sets the column to NULL.",
     LOAN.format("CASCADE")),
    ("Some believe that PROTECT deletes the related rows.", LOAN.format("PROTECT")),
    ('"CASCADE sets the key to NULL" is a mistake that we often hear.', LOAN.format("CASCADE")),
    ("In SQL, RESTRICT deletes no rows, and in Hibernate orphans are removed too.",
     LOAN.format("PROTECT")),
    # F: tables that somebody writes, and requests elsewhere.
    ("A hand-written table such as club_members with columns club_id, member_id, paid_id needs "
     "`through`.", CLUB),
    ("By default each request runs in a transaction in Odoo.",
     "with transaction.atomic():\n    tag.save()"),
    ("By default every request is wrapped in a transaction, they say. That is a common mistake.",
     "with transaction.atomic():\n    tag.save()"),
    ('"By default every request is wrapped in a transaction" - is it?',
     "with transaction.atomic():\n    tag.save()"),
    ("By default every request is wrapped in a transaction. For that, settings.py has "
     "ATOMIC_REQUESTS.", "with transaction.atomic():\n    tag.save()"),
    # G: answers that rows and settings decide.
    VIEW + "client.get('/hours/')  # 401 Unauthorized",
    VIEW + "client.get('/hours/7/')  # 200 OK",
    VIEW + "client.get('/ours/')  # 200 OK",
    VIEW + "client.post('/hours/', {'from': 8})  # 201 Created",
    VIEW + "client.get('/hours/')  # 403 Forbidden: on Sundays",
    CLOSED + "client.get('/hours/')  # 401 Unauthorized",
    # H: "lazy" of a relation or a loop.
    "lesson = Lesson.objects.get(id=1)  # lazy",
    "lesson = Lesson.objects.get(id=1)\nlesson.course.title  # still lazy: loaded on demand",
    "for lesson in Lesson.objects.iterator():  # still lazy\n    pass",
    "for lesson in Lesson.objects.all()[:1]:\n    print(lesson.course.title)  # no further query",
    "import django\nfor tag in book.tags.all():\n    print(tag.books.count())  # no extra query",
]


class Words(Folder):
    def marks(self, cases):
        """Each in a document of its own, as names of earlier snippets count."""
        for number, case in enumerate(cases):
            prose, code = ("", case) if isinstance(case, str) else case
            self.write(f"cases/{number:03}.md", f"{prose}\n\n", block(code.strip()))
        report = self.check("--fixtures", FIXTURES, "cases")
        self.assertEqual(len(report["snippets"]), len(cases))
        return zip(cases, report["snippets"])

    def test_what_is_true(self):
        for case, snippet in self.marks(TRUE):
            with self.subTest(case):
                self.assertEqual(snippet["class"], "verified", snippet["claims"])
                self.assertEqual({claim["holds"] for claim in snippet["claims"]}, {True},
                                 snippet["claims"])

    def test_what_is_false(self):
        for case, snippet in self.marks(FALSE):
            with self.subTest(case):
                self.assertEqual(snippet["class"], "false", snippet["claims"])

    def test_what_is_left_alone(self):
        for case, snippet in self.marks(LEFT_ALONE):
            with self.subTest(case):
                self.assertIn(snippet["class"], ("ran", "verified"), snippet["reason"])
                self.assertNotIn(False, [claim["holds"] for claim in snippet["claims"]])


if __name__ == "__main__":
    # The worker's Python is Debian's, as is the one that runs this.
    if importlib.util.find_spec("rest_framework") is None:
        print("skipped: Django REST framework is absent")
        sys.exit(77)
    main()
