import threading
import time

locks = [threading.Lock() for _ in range(6)]
for lock in locks:
    lock.acquire()
end = time.monotonic() + 1


def pass_on(i):
    while True:
        locks[i].acquire()
        locks[(i + 1) % len(locks)].release()
        if time.monotonic() >= end:
            return


threads = [threading.Thread(target=pass_on, args=(i,)) for i in range(len(locks))]
for thread in threads:
    thread.start()
locks[0].release()
for thread in threads:
    thread.join()
