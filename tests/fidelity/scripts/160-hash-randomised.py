# Pins: text hashes are randomised: the flags say so, and the script's environment does not fix them.
import os
import sys

print(sys.flags.hash_randomization, os.environ.get("PYTHONHASHSEED"))
print(sorted(name for name in os.environ if name.startswith("PYTHON")))
