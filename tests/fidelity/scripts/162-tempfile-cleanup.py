# Pins: a TemporaryDirectory left behind is removed at exit, with or without a warning.
import atexit
import os
import tempfile
import warnings

warnings.simplefilter("ignore", ResourceWarning)
folder = tempfile.TemporaryDirectory(prefix="fidelity-")
path = folder.name
with open(os.path.join(path, "file"), "w") as file:
    file.write("x")
atexit.register(lambda: print("at exit it exists:", os.path.exists(path)))
named = tempfile.NamedTemporaryFile()
print(os.path.exists(path), os.path.exists(named.name))


class Late:
    def __del__(self, exists=os.path.exists, path=path):
        print("in __del__ it exists:", exists(path))


late = Late()
