# Pins: faulthandler's report of a segmentation fault, with the script's lines.
import ctypes
import faulthandler

faulthandler.enable()


def crash():
    ctypes.string_at(0)


print("flushed", flush=True)
crash()
