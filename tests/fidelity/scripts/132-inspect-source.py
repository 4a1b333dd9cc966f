# Pins: inspect.getsource of own functions and classes, and of an object that has no source.
import inspect


def function(a, *, b=2):
    """Documented."""
    return a + b


class Thing:
    def method(self):
        # a comment inside
        return self


print(inspect.getsource(function))
print(inspect.getsource(Thing))
print(inspect.getsourcelines(Thing.method))
print(inspect.getdoc(function), inspect.signature(function))
print(inspect.getcomments(function))
double = lambda x: x * 2
print(inspect.getsource(double), end="")
print(inspect.getmodule(function).__name__)
try:
    inspect.getsource(len)
except TypeError as error:
    print(error)
print(inspect.currentframe().f_lineno, inspect.stack()[0].code_context)
