# Pins: an excepthook that raises itself: both tracebacks.
import sys


def hook(kind, value, trace):
    raise RuntimeError("the hook fails")


sys.excepthook = hook
raise ValueError("the reason")
