# Pins: sys.exit in the only atexit callback, after sys.exit(3) in the script.
import atexit
import sys

atexit.register(sys.exit, 8)
sys.exit(3)
