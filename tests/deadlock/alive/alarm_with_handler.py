import signal
import threading

event = threading.Event()
signal.signal(signal.SIGALRM, lambda number, frame: event.set())
signal.alarm(1)
event.wait()
