# Pins: messages of failing imports: missing module, missing name, a broken file beside the script.
import os
import sys

sys.dont_write_bytecode = True
try:
    import there_is_no_such_module_here
except ImportError as error:
    print(type(error).__name__, error, error.name, error.path)
try:
    from os import nothing_of_the_kind
except ImportError as error:
    print(type(error).__name__, str(error).split(" (")[0], error.name)
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fidelity_unparsable_helper.py")
with open(path, "w") as file:
    file.write("x = (1,\ny = 2\n")
try:
    import fidelity_unparsable_helper
except SyntaxError as error:
    print(error.lineno, error.msg, os.path.basename(error.filename))
finally:
    os.remove(path)
from json import there_is_no_such_name
