# Pins: a single write of 1 MB, and one byte after it.
import sys

sys.stdout.write("0123456789abcdef" * 65536)
sys.stdout.write("!")
