# Pins: sys.exit(True) is status 1, and text without a newline is flushed first.
import sys

sys.stdout.write("no newline")
sys.stderr.write("also none")
sys.exit(True)
