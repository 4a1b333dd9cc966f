# Pins: what the garbage collector shows: enabled, thresholds, nothing in garbage, what a collection finds.
import gc
import sys

print(gc.isenabled(), gc.get_threshold(), gc.garbage, gc.callbacks, gc.get_debug())


class Cycle:
    pass


gc.collect()
for _ in range(10):
    cycle = Cycle()
    cycle.me = cycle
del cycle
print(gc.collect())
values = []
print(gc.is_tracked(values), values in gc.get_objects(), sys.getrefcount(values))
print(gc.is_tracked(globals()), any(globals() is item for item in gc.get_objects()))
