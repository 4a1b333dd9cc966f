# Pins: sys.unraisablehook replaced, at once and during shutdown.
import sys


class Broken:
    def __del__(self):
        raise ValueError("broken")


def hook(report):
    print("hook:", report.exc_type.__name__, report.exc_value, report.err_msg,
          report.object.__qualname__)


sys.unraisablehook = hook
Broken()
kept = Broken()
print("end")
