# Pins: the names that a script finds in its globals, in their order.
print(list(globals()))
print(list(vars()) == list(locals()))
first = 1
print(dir())
print(locals() is globals())
del first
print(sorted(name for name in globals() if not name.startswith("__")))
for name in list(globals()):
    if name != "name":
        print(name, type(globals()[name]).__name__)
