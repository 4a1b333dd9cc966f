# Pins: a script finds no descriptors but 0, 1 and 2.
import os

found = []
for descriptor in range(3, 256):
    try:
        os.fstat(descriptor)
    except OSError:
        continue
    found.append(descriptor)
print(found)
print(os.open("/dev/null", os.O_RDONLY))
