# Pins: a closed sys.stdout: print raises, shutdown says nothing more.
import sys

print("before")
sys.stdout.close()
try:
    print("after")
except ValueError as error:
    print("error:", error, file=sys.stderr)
