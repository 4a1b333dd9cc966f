# Pins: the value of a bare expression dies at once, and no name keeps it.
class Mortal:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


Mortal("first")
print("after first")
Mortal("second").name
print("after second")
[Mortal("in a list")]
print("after the list")
if True:
    Mortal("in a block")
    print("after the block's")
print("_" in globals())
import builtins

print(hasattr(builtins, "_"))
