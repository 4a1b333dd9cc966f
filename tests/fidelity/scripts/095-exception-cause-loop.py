# Pins: an exception chain that bites its own tail.
first = ValueError("first")
second = KeyError("second")
first.__cause__ = second
second.__context__ = first
raise first
