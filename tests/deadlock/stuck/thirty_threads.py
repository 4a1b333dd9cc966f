import threading

lock = threading.Lock()
lock.acquire()


def take():
    step()
    lock.acquire()


threads = [threading.Thread(target=take) for _ in range(30)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
