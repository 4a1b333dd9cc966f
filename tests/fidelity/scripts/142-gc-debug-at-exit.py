# Pins: DEBUG_SAVEALL keeps what is found, and uncollectable objects are not claimed.
import gc

gc.set_debug(gc.DEBUG_SAVEALL)


class Thing:
    pass


gc.collect()
gc.garbage.clear()
thing = Thing()
thing.me = thing
del thing
gc.collect()
print(sorted({type(item).__name__ for item in gc.garbage if isinstance(item, Thing)}))
gc.set_debug(0)
gc.garbage.clear()
