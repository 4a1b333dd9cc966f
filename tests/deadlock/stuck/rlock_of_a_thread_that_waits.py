import threading

lock, taken, done = threading.RLock(), threading.Event(), threading.Event()


def keep():
    with lock:
        taken.set()
        step()
        done.wait()


threading.Thread(target=keep).start()
taken.wait()
step()
with lock:
    done.set()
