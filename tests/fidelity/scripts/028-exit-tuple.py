# Pins: sys.exit((1, 2)) prints the tuple and is status 1.
import sys

sys.exit((1, 2))
