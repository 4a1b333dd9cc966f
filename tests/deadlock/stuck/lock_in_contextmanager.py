import contextlib
import threading

lock = threading.Lock()


@contextlib.contextmanager
def transaction():
    lock.acquire()
    try:
        yield
    finally:
        lock.release()


with transaction():
    step()
    with transaction():
        pass
