# Pins: modules that the standard library loads late are importable, patchable and whole.
import sys
import random
import collections.abc
import string

print(random.Random(7).random(), random.Random("seed").randint(1, 100))
random.seed(3)
print([random.randrange(10) for _ in range(5)], random.choice("abc"))
string.digits = "patched"
print(string.digits, collections.abc.Mapping.__name__)
import importlib

importlib.reload(string)
print(string.digits, random.__name__ in sys.modules)
