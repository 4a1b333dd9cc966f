# Pins: a file left open is flushed at exit, silently.
import os
import tempfile

handle, path = tempfile.mkstemp()
os.close(handle)
file = open(path, "w")
file.write("never flushed by hand")
print("size now:", os.path.getsize(path))


class Check:
    def __del__(self, os=os, path=path):
        print("size at exit:", os.path.getsize(path))
        os.remove(path)


check = Check()
