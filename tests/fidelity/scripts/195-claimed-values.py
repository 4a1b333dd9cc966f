"""Documented."""
# Pins: bare expressions whose value a comment claims change nothing that the script can see.
from __future__ import annotations

import sys

1 + 1  # 2
x: Undefined = [3, 1, 2]
sorted(x)  # [1, 2, 3]
len(x)  # 3
"text"  # 'text'
print(repr(__doc__), __annotations__)
shown = []
sys.displayhook = shown.append
x[0]  # 3
print(shown, "_" in globals(), list(globals()))
for number in range(2):
    number * 2  # 0
    if number:
        number + 1  # 2
a = 257
x  # [3, 1, 2]
b = 257
print(a is b, sys._getframe().f_code.co_firstlineno, sys._getframe().f_code.co_name)


def fail(value):
    value / 0  # 1


fail(x[0]) + len(x)  # 4
