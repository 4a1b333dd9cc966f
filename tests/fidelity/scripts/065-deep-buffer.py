# Pins: 100 KB of lines, buffered, with a flush in the middle and stderr in between.
import sys

for number in range(1000):
    print("%06d" % number, "x" * 93)
    if number % 250 == 0:
        print("progress", number, file=sys.stderr)
