# Pins: dup2 of another file over descriptor 1 and back.
import os
import sys
import tempfile

with tempfile.TemporaryFile() as file:
    saved = os.dup(1)
    sys.stdout.flush()
    os.dup2(file.fileno(), 1)
    print("into the file")
    sys.stdout.flush()
    os.dup2(saved, 1)
    os.close(saved)
    file.seek(0)
    print("read back:", file.read())
