# Pins: sys.stdout = None makes print silent, also at exit; stderr goes on.
import sys

print("seen")
sys.stdout = None
print("unseen")
print("to stderr", file=sys.stderr)
