# Pins: exceptions without text, with several arguments, whose str fails, with newlines.
import sys
import traceback


class Mute(Exception):
    pass


class Broken(Exception):
    def __str__(self):
        raise RuntimeError("no text")


class Outer:
    class Nested(Exception):
        pass


for error in (Mute(), Mute(1, "two"), Broken("x"), Outer.Nested("nested"), KeyError("key"),
              KeyError(), OSError(2, "No such file", "name"), ValueError("two\nlines"),
              UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad")):
    try:
        raise error
    except Exception:
        traceback.print_exc(file=sys.stdout)
raise Broken("at the end")
