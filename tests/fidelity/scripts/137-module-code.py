# Pins: the module's own code object: flags, constants that are shared, name, first line.
import sys

code = sys._getframe().f_code
print(code.co_name, code.co_flags, code.co_argcount, code.co_firstlineno, code.co_varnames)
print(code.co_stacksize < 50, code.co_freevars, code.co_cellvars)
a = 257
b = 257
print("the same constant:", a is b)
c = "not an identifier!"
d = "not an identifier!"
print("the same text:", c is d)
e = (1, 2, 3)
f = (1, 2, 3)
print("the same tuple:", e is f)
g = 1.5
h = 1.5
print("the same float:", g is h)
