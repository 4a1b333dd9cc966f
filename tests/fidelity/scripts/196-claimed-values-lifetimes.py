# Pins: an object whose repr a comment claims dies as early as without the comment.
import sys


class Mortal:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return "Mortal " + self.name

    def __del__(self):
        print("del", self.name)


Mortal("first")  # Mortal first
print("after first")
[Mortal("second")]  # [Mortal second]
print("after second")
kept = Mortal("kept")
kept  # Mortal kept
print(sys.getrefcount(kept))
sys.getrefcount(kept)  # 2
del kept
print("after kept")
try:
    Mortal("in try").missing  # 1
except AttributeError as error:
    print(error)
print("end")
sys.exit(3)  # None
