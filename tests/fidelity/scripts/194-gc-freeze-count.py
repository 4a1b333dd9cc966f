# Pins: how many objects the garbage collector says are frozen.
import gc

print(gc.get_freeze_count())
gc.unfreeze()
print(gc.get_freeze_count())
