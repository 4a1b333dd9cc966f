# Pins: patched builtins: print replaced, open wrapped, __import__ watched.
import builtins

real_print = builtins.print


def print(*arguments, **options):
    real_print("[mine]", *arguments, **options)


print("one")
builtins.print = lambda *arguments, **options: real_print("[builtins]", *arguments, **options)
print("two")
del print
print("three")
builtins.print = real_print
real_import = builtins.__import__


def watched(name, *rest, **options):
    if name == "colorsys":
        print("importing", name)
    return real_import(name, *rest, **options)


builtins.__import__ = watched
import colorsys

builtins.__import__ = real_import
print(colorsys.rgb_to_hsv(0, 0, 0))
__builtins__.answer = 42
print(answer)
