import threading

slots = threading.BoundedSemaphore(1)
inside = threading.Event()


def use():
    slots.acquire()
    inside.set()
    step()
    slots.acquire()


threads = [threading.Thread(target=use) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
