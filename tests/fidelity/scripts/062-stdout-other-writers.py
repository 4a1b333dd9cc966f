# Pins: open(1), os.fdopen, writelines, print to sys.__stdout__ and two buffers over one pipe.
import os
import sys

second = open(1, "w", closefd=False)
print("by sys.stdout")
print("by the second", file=second)
sys.stdout.writelines(["a", "b", "c\n"])
second.flush()
print("by __stdout__", file=sys.__stdout__)
with os.fdopen(os.dup(1), "wb", 0) as raw:
    raw.write(b"raw and at once\n")
print(sys.stdout is sys.__stdout__, sys.stdout.fileno(), sys.stdout.isatty())
