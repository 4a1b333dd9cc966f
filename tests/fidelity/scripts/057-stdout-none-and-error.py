# Pins: an uncaught exception while sys.stderr is None.
import sys

print("seen")
sys.stderr = None
raise ValueError("nobody sees this")
