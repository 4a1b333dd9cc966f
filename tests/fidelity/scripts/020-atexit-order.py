# Pins: atexit callbacks run last in, first out; one registered by another still runs.
import atexit


def nested():
    print("nested registers")
    atexit.register(print, "registered at exit")


atexit.register(print, "first in, last out")
atexit.register(nested)
atexit.register(print, "removed")
atexit.unregister(print)
atexit.register(print, "arguments", 1, sep="-")


@atexit.register
def decorated():
    print("decorated")


print("end")
