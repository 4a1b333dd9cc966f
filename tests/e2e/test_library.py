"""The fixtures library, shop, blog, school and rest of examples/fixtures: which of them a snippet
gets, and what is in them. test_words.py has what they say of comments and prose."""

import ast
import importlib.util
import os
import sys

from support import SOURCE, Folder, block, main

FIXTURES = os.path.join(SOURCE, "examples", "fixtures")
SERIALIZER = ["class BookSerializer(serializers.ModelSerializer):",
              "    author = serializers.CharField(source='author.name')",
              "    class Meta:", "        model = Book", "        fields = ['title', 'author']"]
# A fixture, the variant that fits, and a snippet in which all that is claimed holds.
WORLDS = [
    ("library", "relation", ["class Tag(models.Model):",
                             "    name = models.TextField(unique=True)"]),
    ("library", "relation", ["with transaction.atomic():", "    author.save()  # UPDATE"]),
    ("library", "relation", ["from django.db import models", "Tag.objects.count()  # 2"]),
    ("library", "relation", ["Review.objects.filter(Q(rating=5)).count()  # 1"]),
    ("shop", "decimal", ["products = Product.objects.filter(price__gt=100)  # no query yet",
                         "for product in products:  # the query runs here",
                         "    product.category.name  # a query for each product"]),
    ("shop", "decimal", ["from django.shortcuts import get_object_or_404",
                         "get_object_or_404(Product, pk=1).name  # 'Laptop'"]),
    ("shop", "decimal", ["with transaction.atomic():",
                         "    sender = Account.objects.select_for_update().get(pk=1)",
                         "    sender.balance = F('balance') - 100", "    sender.save()",
                         "print(Account.objects.get(pk=1).balance)  # 900.00"]),
    ("shop", "float", ["product.price *= 1.1", "product.save(update_fields=['price'])",
                       "print(round(product.price))  # 1100"]),
    ("shop", "decimal", ["order.items.aggregate(Sum('price'))",
                         "Order.objects.filter(customer__name='John').count()  # 2"]),
    ("shop", "decimal", ["rows = Department.objects.annotate(n=Count('employees')).order_by('-n')",
                         "rows[0].n  # 2"]),
    ("shop", "decimal", ["department = models.ForeignKey(Department, models.SET_NULL, null=True)"]),
    ("shop", "decimal", ["Product.objects.filter(reviews__rating__gte=4).distinct().count()  # 1",
                         "Review.objects.count()  # 3"]),
    ("blog", None, ["entry = Entry.objects.select_related('blog').get(id=2)  # one query",
                    "entry.blog  # no query"]),
    ("blog", None, ["Entry.objects.filter(authors=Author.objects.get(name='Jane')).count()  # 2"]),
    ("blog", None, ["for post in Post.objects.all():  # one query",
                    "    post.author.username  # one query per post"]),
    ("blog", None, ["Post.objects.filter(category=Category.objects.first()).count()  # 1"]),
    ("blog", None, ["reporter.article_set.create(headline='New', pub_date='2005-07-27')",
                    "Article.objects.count()  # 3"]),
    ("blog", None, ["group.members.count()  # 2", "Membership.objects.count()  # 2"]),
    ("blog", None, [">>> from polls.models import Question", ">>> Question.objects.all()",
                    "<QuerySet [<Question: What's new?>, <Question: What's up?>]>"]),
    ("blog", None, ["choice.votes = F('votes') + 1", "choice.save()",
                    "choice.refresh_from_db()", "choice.votes  # 1"]),
    ("school", None, ["list(Lesson.objects.select_related('course'))  # one query"]),
    ("school", None, ["from school.models import Course", "Course.objects.count()  # 3"]),
    ("library", "relation", ["from library.models import Book", "Book.objects.count()  # 2"]),
    ("library", "relation", ["import library", "library.models.Book.objects.count()  # 2"]),
    ("library", "relation", ["from django.urls import path, resolve, reverse",
                             "def book_list(request): pass",
                             "urlpatterns = [path('books/', book_list, name='books')]",
                             "reverse('books')  # '/books/'",
                             "resolve('/books/').url_name  # 'books'",
                             "urlpatterns = [path('all/', book_list, name='books')]",
                             "reverse('books')  # '/all/'"]),
    ("library", "relation", ["from django.urls import reverse",
                             "reverse('no')  # NoReverseMatch"]),
    ("rest", "library", [*SERIALIZER, "serializer = BookSerializer(book)",
                         "serializer.data  # {'title': 'Book1', 'author': 'John'}",
                         "list(Book.objects.select_related('author'))  # one query"]),
    ("rest", "library", ["from django.db import models", "from rest_framework import serializers",
                         "serializers.CharField.__name__  # 'CharField'"]),
    ("rest", "library", ["from django.urls import path", *SERIALIZER,
                         "class Books(generics.ListAPIView):",
                         "    queryset = Book.objects.select_related('author')",
                         "    serializer_class = BookSerializer",
                         "urlpatterns = [path('books/', Books.as_view())]",
                         "client.get('/books/')  # 200 OK"]),
    ("rest", "library", ["class ProductSerializer(serializers.ModelSerializer):",
                         "    class Meta:", "        model = Product",
                         "        fields = ['name', 'price']",
                         "ProductSerializer(product).data",
                         "# {'name': 'Laptop', 'price': '1000.00'}"]),
    ("rest", "shop", ["class ReviewSerializer(serializers.ModelSerializer):",
                      "    product = serializers.CharField(source='product.name')",
                      "    class Meta:", "        model = Review",
                      "        fields = ['product', 'rating']",
                      "ReviewSerializer(review).data  # {'product': 'Laptop', 'rating': 5}"]),
]
# What means another module, another urlconf or something else altogether.
NOT_OURS = [
    (["import library", "library.open_all()"], "needs"),
    (["from shop import Shelf"], "needs"),
    (["client.get('/books/').status_code  # 200"], "needs"),
    (["self.objects.append(book)"], "fragment"),
    (["draw(book, objects=[])"], "fragment"),
]


def parsed(fixture):
    with open(os.path.join(FIXTURES, f"{fixture}.py"), encoding="utf-8") as file:
        return ast.parse(file.read())


class Library(Folder):
    def test_each_world(self):
        """Each in a document of its own, as names of earlier snippets count."""
        for number, (_, _, lines) in enumerate(WORLDS):
            self.write(f"worlds/{number:02}.md", block(*lines))
        report = self.check("--fixtures", FIXTURES, "worlds")
        for (name, variant, lines), snippet in zip(WORLDS, report["snippets"]):
            with self.subTest(lines):
                self.assertEqual(snippet["fixture"]["name"], name)
                self.assertEqual(snippet["fixture"]["variant"], variant)
                self.assertEqual(snippet["class"], "verified", snippet)
                self.assertEqual({claim["holds"] for claim in snippet["claims"]}, {True},
                                 snippet["claims"])

    def test_what_is_not_ours(self):
        for number, (lines, _) in enumerate(NOT_OURS):
            self.write(f"others/{number:02}.md", block(*lines))
        report = self.check("--fixtures", FIXTURES, "others")
        for (lines, expected), snippet in zip(NOT_OURS, report["snippets"]):
            with self.subTest(lines):
                self.assertEqual(snippet["class"], expected, snippet)

    def test_all_worlds_have_the_usual_names(self):
        usual = {name.name for node in ast.walk(parsed("_django"))
                 if getattr(node, "name", "") == "usual_names"
                 for part in node.body if isinstance(part, ast.ImportFrom) for name in part.names}
        headers = {world: {node.targets[0].id: ast.literal_eval(node.value)
                           for node in parsed(world).body if isinstance(node, ast.Assign)}
                   for world in ("library", "shop", "blog", "school", "rest")}
        provided = {world: {*header["PROVIDES"], *header["TOOLS"]}
                    for world, header in headers.items()}
        del headers["rest"]
        self.assertIn("transaction", usual)
        for world, header in headers.items():
            with self.subTest(world):
                self.assertLessEqual(usual, provided[world])
                self.assertLessEqual(set(headers["library"]["SIGNS"]), set(header["SIGNS"]))
                self.assertLessEqual(provided[world], provided["rest"])
                self.assertIn("rest", header["BEHIND"])

    def test_a_snippet_never_sees_the_rows_of_another(self):
        self.write("notes.md", *[block("Tag.objects.create(name='new')",
                                       "print(Tag.objects.count())  # 3")] * 6)
        report = self.check("--fixtures", FIXTURES, "notes.md")
        self.assertEqual(set(self.classes(report)), {"verified"})


if __name__ == "__main__":
    # The worker's Python is Debian's, as is the one that runs this.
    if importlib.util.find_spec("django") is None:
        print("skipped: Django is absent")
        sys.exit(77)
    main()
