# Pins: a script that closes every descriptor from 3 up, as daemons do.
import os

print("before")
os.closerange(3, 4096)
print("after")
os.write(2, b"stderr works\n")
with open("/dev/null") as file:
    print("opened")
