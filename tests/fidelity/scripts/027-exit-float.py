# Pins: sys.exit(2.5) is no integer: printed, status 1.
import sys

sys.exit(2.5)
