import signal
import threading

lock = threading.Lock()


def handler(number, frame):
    step()
    with lock:
        pass


signal.signal(signal.SIGUSR1, handler)
with lock:
    signal.raise_signal(signal.SIGUSR1)
