import threading

lock = threading.Lock()
with lock:
    step()
    with lock:
        print("never")
