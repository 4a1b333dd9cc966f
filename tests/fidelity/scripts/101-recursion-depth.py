# Pins: how many calls deep a script can go, at top level and in a thread.
import sys
import threading

depths = []


def down(number):
    depths[-1] = number
    down(number + 1)


def measure():
    depths.append(0)
    try:
        down(1)
    except RecursionError as error:
        print(error, depths[-1])


measure()
thread = threading.Thread(target=measure)
thread.start()
thread.join()
sys.setrecursionlimit(100)
measure()
