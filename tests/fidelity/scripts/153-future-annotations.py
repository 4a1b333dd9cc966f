"""Pins: a docstring before a __future__ import, whose effect reaches every statement."""
from __future__ import annotations

import typing


class Node:
    next: Node | None = None
    values: list[Undefined]


def function(a: Missing, b: int = 1) -> Nothing:
    return b


x: Undefined = 3
print(__annotations__)
print(function.__annotations__, Node.__annotations__)
print(repr(__doc__))
if True:
    y: int | None = 1
    print(__annotations__["y"], annotations.compiler_flag > 0)
try:
    typing.get_type_hints(Node)
except NameError as error:
    print(error)
