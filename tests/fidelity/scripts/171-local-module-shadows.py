# Pins: a file beside the script shadows a module of the standard library.
import os
import sys

sys.dont_write_bytecode = True
folder = os.path.dirname(os.path.abspath(__file__))
created = []
for name in ("random", "string", "calendar", "heapq"):
    path = os.path.join(folder, name + ".py")
    with open(path, "x") as file:
        file.write("where = 'beside the script: ' + __name__\n")
    created.append(path)
try:
    import calendar
    import heapq
    import random
    import string

    for module in (random, string, calendar, heapq):
        print(getattr(module, "where", "the standard library's"))
finally:
    for path in created:
        os.remove(path)
