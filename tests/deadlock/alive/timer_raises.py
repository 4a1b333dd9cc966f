import signal
import threading


class TookTooLong(Exception):
    pass


def handler(number, frame):
    raise TookTooLong


signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.4)
lock = threading.Lock()
lock.acquire()
try:
    lock.acquire()
except TookTooLong:
    print("too long")
