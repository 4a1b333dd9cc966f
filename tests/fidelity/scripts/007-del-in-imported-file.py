# Pins: objects of a module imported from a file beside the script die at shutdown after main's.
import os
import sys

sys.dont_write_bytecode = True
folder = os.path.dirname(os.path.abspath(__file__))
path = os.path.join(folder, "fidelity_mortal_helper.py")
with open(path, "w") as file:
    file.write("class Noisy:\n"
               "    def __init__(self, name):\n"
               "        self.name = name\n"
               "    def __del__(self):\n"
               "        print('del', self.name)\n"
               "inside = Noisy('inside the helper')\n"
               "also = Noisy('also inside')\n")
try:
    import fidelity_mortal_helper
finally:
    os.remove(path)
outside = fidelity_mortal_helper.Noisy("outside")
print(fidelity_mortal_helper.__name__, os.path.basename(fidelity_mortal_helper.__file__))
