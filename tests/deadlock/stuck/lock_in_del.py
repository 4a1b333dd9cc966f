import threading

lock = threading.Lock()


class Handle:
    def __del__(self):
        step()
        with lock:
            pass


handle = Handle()
with lock:
    del handle
