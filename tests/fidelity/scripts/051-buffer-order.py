# Pins: print waits in a buffer, os.write and sys.stderr do not.
import os
import sys

print("printed first, shown last")
os.write(1, b"written to the descriptor\n")
sys.stderr.write("to stderr\n")
print("printed last", flush=True)
print("and buffered again")
os.write(1, b"again to the descriptor\n")
sys.stdout.flush()
sys.stdout.buffer.write(b"raw bytes\n")
print("text after raw bytes")
