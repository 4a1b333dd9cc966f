# Pins: sys.stdout deleted: print raises RuntimeError; the traceback is still shown.
import sys

print("before")
del sys.stdout
print("lost")
