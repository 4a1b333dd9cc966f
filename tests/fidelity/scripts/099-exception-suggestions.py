# Pins: the suggestions that newer Pythons add to NameError and AttributeError.
import sys

special_value = 1


class Thing:
    blueprint = 1


try:
    Thing().bluprint
except AttributeError:
    sys.excepthook(*sys.exc_info())
try:
    time.sleep(1)
except NameError:
    sys.excepthook(*sys.exc_info())
print(specal_value)
