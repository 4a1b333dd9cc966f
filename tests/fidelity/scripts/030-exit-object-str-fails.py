# Pins: sys.exit with an object whose __str__ raises.
import sys


class Reason:
    def __str__(self):
        raise ValueError("no text")


sys.exit(Reason())
