# Pins: sys.stdout.detach and a new text layer over the same buffer.
import io
import sys

print("before")
binary = sys.stdout.detach()
binary.write(b"binary\n")
try:
    print("no layer")
except ValueError as error:
    print("error:", error, file=sys.stderr)
sys.stdout = io.TextIOWrapper(binary, encoding="latin-1", write_through=True)
print("new layer \xe9")
