# Pins: repr of __main__, of its functions' modules, and of types defined in it.
import sys
import types


class Thing:
    pass


def function():
    pass


main = sys.modules["__main__"]
print(repr(main).replace(__file__, "FILE"), type(main) is types.ModuleType)
print(Thing, Thing.__module__, function.__module__, function.__qualname__)
print(function.__globals__ is globals(), function.__builtins__ is __builtins__.__dict__
      if sys.version_info >= (3, 10) else True)
print(function.__code__.co_filename == __file__, function.__code__.co_firstlineno)
print(sys._getframe().f_code.co_name, sys._getframe().f_back)
print(__cached__)
