# Pins: sys.stdout replaced by StringIO and given back; a replacement left at exit.
import io
import sys

real = sys.stdout
sys.stdout = captured = io.StringIO()
print("captured")
print("twice")
sys.stdout = real
print(repr(captured.getvalue()))


class Loud:
    def write(self, text):
        sys.__stdout__.write(text.upper())

    def flush(self):
        sys.__stdout__.write("[flush]")


sys.stdout = Loud()
print("left in place")
