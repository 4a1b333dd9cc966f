# Pins: os.fork with a full buffer: both flush what was buffered; os._exit flushes nothing.
import os
import sys

print("before the forks")
if os.fork() == 0:
    print("first child, lost")
    os._exit(0)
os.wait()
if os.fork() == 0:
    print("second child")
    sys.exit(4)
print("status", os.WEXITSTATUS(os.wait()[1]))
