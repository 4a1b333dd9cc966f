# Pins: finalisers of objects hung into builtins, sys, and a module of the standard library.
import builtins
import string
import sys


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self, out=sys.stderr):
        out.write("del %s\n" % self.name)


builtins.noisy = Noisy("in builtins")
sys.noisy = Noisy("in sys")
string.noisy = Noisy("in string")
here = Noisy("in main")
print("end", flush=True)
