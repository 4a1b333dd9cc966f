# Pins: SIGTERM to itself without a handler: death by the signal, the buffer is lost.
import atexit
import os
import signal

atexit.register(print, "never")
print("lost")
os.write(1, b"written\n")
os.kill(os.getpid(), signal.SIGTERM)
