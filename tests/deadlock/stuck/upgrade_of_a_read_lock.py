import threading


class ReadWriteLock:
    def __init__(self):
        self.changed = threading.Condition()
        self.readers = 0

    def acquire_read(self):
        with self.changed:
            self.readers += 1

    def acquire_write(self):
        self.changed.acquire()
        while self.readers > 0:
            self.changed.wait()


lock = ReadWriteLock()
lock.acquire_read()
step()
lock.acquire_write()
