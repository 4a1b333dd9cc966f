# Pins: errors in atexit callbacks are reported, the others run, exit status stays 0.
import atexit
import sys


def fail():
    raise ValueError("in atexit")


def leave():
    sys.exit(7)


atexit.register(print, "still runs")
atexit.register(fail)
atexit.register(leave)
atexit.register(fail)
print("end")
