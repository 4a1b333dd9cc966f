# Pins: sys.excepthook replaced: it gets the exception, the status stays 1.
import sys
import traceback


def hook(kind, value, trace):
    print("hook:", kind.__name__, value)
    for frame in traceback.extract_tb(trace):
        print(frame.lineno, frame.name, frame.line)


def fail():
    raise LookupError("nothing there")


sys.excepthook = hook
fail()
