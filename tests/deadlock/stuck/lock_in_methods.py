import functools
import threading


def synchronized(method):
    @functools.wraps(method)
    def wrapper(self, *args):
        with self.lock:
            return method(self, *args)

    return wrapper


class Shelf:
    def __init__(self):
        self.lock = threading.Lock()
        self.books = []

    @synchronized
    def add(self, book):
        self.books.append(book)
        step()
        return self.count()

    @synchronized
    def count(self):
        return len(self.books)


Shelf().add("Emma")
