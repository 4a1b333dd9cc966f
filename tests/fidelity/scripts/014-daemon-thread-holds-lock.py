# Pins: shutdown goes on while a daemon thread holds a lock that main's objects know.
import threading

lock = threading.Lock()
taken = threading.Event()


def hold():
    with lock:
        taken.set()
        threading.Event().wait()


threading.Thread(target=hold, daemon=True, name="holder").start()
taken.wait()


class Last:
    def __del__(self):
        print("locked at exit:", lock is None or lock.locked())


last = Last()
print([thread.name for thread in threading.enumerate()])
