# Pins: input() at end of file: the prompt is written, EOFError is raised.
import sys

print("first")
try:
    input("a prompt: ")
except EOFError as error:
    print("EOFError:", error)
print(repr(sys.stdin.read()), list(sys.stdin), sys.stdin.isatty())
input()
