# Pins: a script that replaces itself in sys.modules, and a module __getattr__.
import sys
import types


class Lazy(types.ModuleType):
    def __getattr__(self, name):
        return "made up " + name


def __getattr__(name):
    return "by module getattr " + name


print(sys.modules["__main__"].anything)
keep = sys.modules["__main__"]
sys.modules["__main__"] = Lazy("__main__")
import __main__

print(__main__.something, __name__)


class Noisy:
    def __del__(self):
        print("del at exit", name_at_exit)


name_at_exit = "still here"
noisy = Noisy()
