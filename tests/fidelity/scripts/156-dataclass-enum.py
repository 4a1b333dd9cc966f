# Pins: dataclasses and enums: repr, order, fields, errors.
import dataclasses
import enum
import typing


@dataclasses.dataclass(order=True)
class Point:
    x: int
    y: int = 0
    tags: typing.List[str] = dataclasses.field(default_factory=list, repr=False)


class Color(enum.Enum):
    RED = enum.auto()
    GREEN = enum.auto()


class Access(enum.Flag):
    READ = 1
    WRITE = 2


print(Point(1), Point(1) < Point(2), dataclasses.asdict(Point(3, 4)))
print(Color.RED, repr(Color.GREEN), list(Color), Color["RED"].value, Access.READ | Access.WRITE)
frozen = dataclasses.make_dataclass("Frozen", ["a"], frozen=True)(1)
try:
    frozen.a = 2
except dataclasses.FrozenInstanceError as error:
    print(error)
Color("BLUE")
