# Pins: sys.exit(object) prints its str; a class that is an int is a status.
import enum
import sys


class Status(enum.IntEnum):
    WRONG = 4


class Reason:
    def __str__(self):
        return "a reason"


try:
    sys.exit(Reason())
except SystemExit as error:
    print("first:", error)
sys.exit(Status.WRONG)
