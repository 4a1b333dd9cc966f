# Pins: an excepthook that calls sys.exit decides the status.
import sys


def hook(kind, value, trace):
    print("leaving because of", value)
    sys.exit(17)


sys.excepthook = hook
raise ValueError("the reason")
