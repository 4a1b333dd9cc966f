# Pins: finalisers of objects that modules of the standard library hold for the script.
import copyreg
import functools
import logging
import os
import sys
import warnings


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self, write=os.write):
        write(1, b"del %s\n" % self.name)

    def filter(self, record):
        return True


logging.getLogger("fidelity").addFilter(Noisy(b"in logging"))
copyreg.dispatch_table[Noisy] = Noisy(b"in copyreg")
sys.modules["not a module"] = Noisy(b"in sys.modules")
warnings.showwarning = functools.partial(print, Noisy(b"in warnings"))
print("end", flush=True)
