"""Two books of one author, for test_databases.py."""

PROVIDES = ["Author", "Book", "transaction", "IntegrityError"]
NEEDS = {"django": "python3-django"}

import types

import _database


def setup(variant):
    from django.apps import AppConfig

    app = type("Shelf", (AppConfig,), {"path": "/"})("shelf", types.ModuleType("shelf"))
    _database.configure(["django.contrib.contenttypes", app])
    from django.db import IntegrityError, models, transaction

    class Author(models.Model):
        name = models.CharField(max_length=50, unique=True)

        class Meta:
            app_label = "shelf"

    class Book(models.Model):
        title = models.CharField(max_length=50)
        price = models.DecimalField(max_digits=6, decimal_places=2, default=10)
        author = models.ForeignKey(Author, on_delete=models.CASCADE)
        related = models.ManyToManyField("self")

        class Meta:
            app_label = "shelf"
            ordering = ["id"]

    _database.create([Author, Book])
    author = Author.objects.create(name="Ann; 100 %s 'x' \\ é")
    first = Book.objects.create(title="first", author=author)
    Book.objects.bulk_create([Book(title="second", author=author)])
    first.related.add(*Book.objects.all())
    try:
        with transaction.atomic():
            Author.objects.create(name="never")
            raise KeyError
    except KeyError:
        pass
    _database.ready()
    return {"Author": Author, "Book": Book, "transaction": transaction,
            "IntegrityError": IntegrityError}
