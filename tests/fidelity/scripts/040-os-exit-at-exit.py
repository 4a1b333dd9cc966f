# Pins: os._exit in an atexit callback decides the status; buffers are lost.
import atexit
import os

atexit.register(os._exit, 21)
print("lost")
