# Pins: the RecursionError of a runaway function: the count of repeated lines shows the depth.
import sys

print(sys.getrecursionlimit())


def forever(number):
    return forever(number + 1)


forever(0)
