import threading

lock = threading.Lock()


def work():
    step()
    with lock:
        pass


thread = threading.Thread(target=work)
with lock:
    thread.start()
    thread.join()
