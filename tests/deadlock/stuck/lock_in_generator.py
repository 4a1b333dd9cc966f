import threading

lock = threading.Lock()


def rows():
    with lock:
        yield 1
        yield 2


first = rows()
next(first)
second = rows()
step()
next(second)
