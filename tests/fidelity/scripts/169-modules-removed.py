# Pins: a script that takes modules out of sys.modules and imports them again.
import sys

import json

first = json
for name in list(sys.modules):
    if name.split(".")[0] == "json":
        del sys.modules[name]
import json

print(first is json, json.dumps([1]))
del sys.modules["__main__"]
try:
    import __main__
except ImportError as error:
    print(type(error).__name__)


class Noisy:
    def __del__(self):
        print("del")


noisy = Noisy()
print("end")
