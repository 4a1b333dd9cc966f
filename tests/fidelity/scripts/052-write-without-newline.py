# Pins: output without a last newline, print(end=''), flush and an empty write.
import sys

print("one", end="")
print(" two", end="", flush=True)
sys.stdout.write(" three")
print(sys.stdout.write(""), sys.stdout.write("four"), end="|")
print(*[], sep="never")
print("last", end="")
