# Pins: os.abort dies of SIGABRT and loses the buffer.
import os

print("lost")
os.write(2, b"about to abort\n")
os.abort()
