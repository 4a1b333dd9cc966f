# Pins: sys.tracebacklimit cuts the traceback that the interpreter prints.
import sys


def one():
    two()


def two():
    three()


def three():
    raise ValueError("deep")


sys.tracebacklimit = 2
one()
