# Pins: sys.exit() and sys.exit(None) are status 0, without a word.
import sys

try:
    sys.exit()
except SystemExit as error:
    print(repr(error), error.code)
sys.exit(None)
