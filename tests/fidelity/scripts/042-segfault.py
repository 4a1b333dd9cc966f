# Pins: a segmentation fault through ctypes: the signal, and the buffer that is lost.
import ctypes
import os

print("lost")
os.write(1, b"about to crash\n")
ctypes.string_at(0)
