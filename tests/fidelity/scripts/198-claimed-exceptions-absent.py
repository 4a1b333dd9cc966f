"""Documented."""
# Pins: lines that are said to raise, but do not: the script goes on as one.
from __future__ import annotations

import sys

x: int = 1
int("3")  # ValueError
print(repr(__doc__), __annotations__, __name__)


def function(a: Missing):
    global made
    made = a
    return sys._getframe().f_lineno


print(function(4), made, function.__annotations__)
[1][0]  # IndexError: list index out of range
print(list(globals()))
"a string after it"
print(repr(__doc__), sys._getframe().f_back, sys._getframe().f_code.co_name)


class Mortal:
    def __del__(self):
        print("del")


kept = Mortal()
Mortal().__class__.__name__  # AttributeError
print("end")
raise LookupError("at the end")
