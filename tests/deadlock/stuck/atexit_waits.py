import atexit
import threading

lock = threading.Lock()
lock.acquire()


@atexit.register
def leave():
    step()
    lock.acquire()
