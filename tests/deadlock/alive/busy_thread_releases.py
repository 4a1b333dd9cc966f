import threading
import time

lock = threading.Lock()
lock.acquire()


def work():
    end = time.monotonic() + 0.4
    while time.monotonic() < end:
        sum(range(500))
    lock.release()


threading.Thread(target=work).start()
lock.acquire()
