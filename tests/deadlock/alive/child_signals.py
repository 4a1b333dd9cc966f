import os
import signal
import threading
import time

event = threading.Event()
signal.signal(signal.SIGUSR1, lambda number, frame: event.set())
parent = os.getpid()
if os.fork() == 0:
    time.sleep(0.4)
    os.kill(parent, signal.SIGUSR1)
    os._exit(0)
event.wait()
os.wait()
