# Pins: the report of an exception in a thread, with its name, and exit status 0.
import sys
import threading


def fail():
    raise KeyError("in a thread")


def leave():
    sys.exit(5)


for number, target in enumerate([fail, leave]):
    thread = threading.Thread(target=target, name="worker-%d" % number)
    thread.start()
    thread.join()
print("joined both")
