# Pins: threading.excepthook replaced, and what it is given.
import threading


def hook(arguments):
    print("hook:", arguments.exc_type.__name__, arguments.exc_value, arguments.thread.name)


def fail():
    1 / 0


threading.excepthook = hook
thread = threading.Thread(target=fail, name="careless")
thread.start()
thread.join()
threading.excepthook = threading.__excepthook__
again = threading.Thread(target=fail, name="again")
again.start()
again.join()
