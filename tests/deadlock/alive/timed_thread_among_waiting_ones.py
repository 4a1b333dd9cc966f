import threading

lock = threading.Lock()
lock.acquire()
tried = threading.Event()


def patient():
    tried.wait()


def impatient():
    lock.acquire(timeout=0.4)
    tried.set()


threads = [threading.Thread(target=work) for work in [patient] * 10 + [impatient]]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
