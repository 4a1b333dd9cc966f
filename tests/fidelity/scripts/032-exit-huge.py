# Pins: sys.exit with an integer that no C long holds.
import sys

sys.exit(2**70)
