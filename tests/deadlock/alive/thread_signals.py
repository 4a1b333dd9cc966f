import signal
import threading
import time

event = threading.Event()
signal.signal(signal.SIGUSR2, lambda number, frame: event.set())


def work():
    time.sleep(0.4)
    signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR2)


threading.Thread(target=work).start()
event.wait()
