# Pins: sys.exit inside __del__ is only reported, and changes no exit status.
import sys


class Quitter:
    def __del__(self):
        sys.exit(9)


Quitter()
print("not gone")
kept = Quitter()
