# Pins: bare expressions in a script call no displayhook, the script's own neither.
import sys

"a bare text"
1 + 1
shown = []
sys.displayhook = shown.append
2 + 2
None
[1, 2, 3]
print(shown, "_" in dir(__builtins__))
import builtins

print(hasattr(builtins, "_"))
exec(compile("3 + 3", "<typed>", "single"))
print(shown)
sys.displayhook = sys.__displayhook__
exec(compile("'typed'", "<typed>", "single"))
print(builtins._)
for number in range(2):
    number * 2
print(builtins._)
