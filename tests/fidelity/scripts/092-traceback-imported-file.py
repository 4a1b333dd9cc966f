# Pins: a traceback through a module beside the script, with its source line.
import os
import sys

sys.dont_write_bytecode = True
folder = os.path.dirname(os.path.abspath(__file__))
path = os.path.join(folder, "fidelity_failing_helper.py")
with open(path, "w") as file:
    file.write('"""A module that fails."""\n\n\ndef fail(number):\n    return 1 / (number - number)\n')
import fidelity_failing_helper


class Cleaner:
    def __del__(self, remove=os.remove, path=path):
        remove(path)


cleaner = Cleaner()
fidelity_failing_helper.fail(3)
