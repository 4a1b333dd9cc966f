"""The module's own documentation."""
# Pins: __name__, __doc__, __file__, __annotations__, __spec__, __builtins__ and their like.
import os
import sys

number: int = 3
print(__name__, repr(__doc__), __package__, __spec__)
print(os.path.isabs(__file__), os.path.exists(__file__), os.path.basename(__file__)[-3:])
print(type(__builtins__), __builtins__.__name__)
print(type(__loader__), __loader__.name)
print(__annotations__)
print(sys.modules["__main__"].__dict__ is globals(), __import__("__main__").number)
print(__loader__.get_source("__main__")[:40])
