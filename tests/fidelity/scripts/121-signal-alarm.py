# Pins: alarm interrupts a wait; a second one without a handler kills.
import signal
import time


def handler(number, frame):
    raise InterruptedError("woken")


signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.02)
try:
    time.sleep(600)
except InterruptedError as error:
    print(error)
signal.signal(signal.SIGALRM, signal.SIG_DFL)
signal.setitimer(signal.ITIMER_REAL, 0.02)
print("flushed", flush=True)
time.sleep(600)
