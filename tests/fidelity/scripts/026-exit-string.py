# Pins: sys.exit("text") prints the text to stderr and is status 1.
import sys

print("buffered before")
sys.exit("a text for stderr: \N{EURO SIGN}")
