import threading

lock = threading.Lock()


def key(word):
    step()
    with lock:
        return len(word)


with lock:
    sorted(["pear", "fig"], key=key)
