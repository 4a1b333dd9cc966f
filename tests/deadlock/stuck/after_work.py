import threading
import time

lock = threading.Lock()


def work():
    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        sum(range(1000))
    lock.acquire()
    step()


thread = threading.Thread(target=work)
thread.start()
thread.join()
time.sleep(0.2)
step()
lock.acquire()
