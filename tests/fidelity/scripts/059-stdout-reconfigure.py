# Pins: reconfigure of line buffering, encoding, errors and newline.
import os
import sys

sys.stdout.reconfigure(line_buffering=True)
print("a line at once")
os.write(1, b"after the line\n")
sys.stdout.reconfigure(line_buffering=False, encoding="ascii", errors="backslashreplace")
print("\N{SNOWMAN}")
sys.stdout.reconfigure(encoding="utf-16-le", errors="strict", newline="\r\n")
print("wide")
sys.stdout.reconfigure(encoding="utf-8", newline="\n")
print(sys.stdout)
sys.stdout.reconfigure(write_through=True)
print("through")
os.write(1, b"after through\n")
