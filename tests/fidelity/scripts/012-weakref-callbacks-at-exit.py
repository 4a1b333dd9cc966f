# Pins: plain weak reference callbacks and WeakValueDictionary during shutdown.
import weakref


class Thing:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name, sorted(registry))


registry = weakref.WeakValueDictionary()
registry["one"] = one = Thing("one")
registry["two"] = two = Thing("two")
reference = weakref.ref(one, lambda r: print("callback for one"))
del one
print("left:", sorted(registry))
