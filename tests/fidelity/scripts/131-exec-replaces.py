# Pins: os.execvp replaces the process: the buffer is lost, the new program's status counts.
import os
import sys

print("lost")
sys.stderr.write("before exec\n")
os.execvp("sh", ["sh", "-c", "echo by the shell; exit 6"])
