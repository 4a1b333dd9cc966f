# Pins: which warnings are shown, with file, line and source line, and how often.
import warnings


def old():
    warnings.warn("a plain warning")
    warnings.warn("deprecated", DeprecationWarning)
    warnings.warn("blame the caller", UserWarning, stacklevel=2)
    warnings.warn("pending", PendingDeprecationWarning)


for _ in range(2):
    old()
warnings.simplefilter("always")
warnings.warn("with ResourceWarning", ResourceWarning)
warnings.warn_explicit("explicit", UserWarning, "elsewhere.py", 7)
open("/dev/null")
print(len(warnings.filters) > 3)
warnings.simplefilter("error")
warnings.warn("now an error", FutureWarning)
