# Pins: breakpoint() with a hook of its own.
import sys


def hook(*arguments, **options):
    print("hook", arguments, options)
    return "returned"


sys.breakpointhook = hook
print(breakpoint(1, two=2))
sys.breakpointhook = None
try:
    breakpoint()
except TypeError as error:
    print(error)
