import os
import signal
import threading
import time

event = threading.Event()
signal.signal(signal.SIGUSR1, lambda number, frame: event.set())
parent = os.getpid()
if os.fork() == 0:
    if os.fork() == 0:
        os.setsid()
        time.sleep(0.4)
        os.kill(parent, signal.SIGUSR1)
    os._exit(0)
os.wait()
event.wait()
