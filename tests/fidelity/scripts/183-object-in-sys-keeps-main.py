# Pins: an object in sys that leads back to the script's globals keeps them all until the very end.
import os
import sys


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self, write=os.write):
        write(2, b"del %s, stdout is there: %d\n" % (self.name, sys.stdout is not None))


sys.kept = Noisy(b"in sys")
here = Noisy(b"in main")
print("end", flush=True)
