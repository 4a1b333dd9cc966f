import threading
import time

lock = threading.Lock()
lock.acquire()


def work():
    time.sleep(0.4)
    lock.release()


threading.Thread(target=work).start()
lock.acquire()
