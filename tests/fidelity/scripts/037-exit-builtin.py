# Pins: the site module's exit() is there and closes stdin.
import sys

print(repr(exit), repr(quit))
print(sys.stdin.closed)
exit(11)
