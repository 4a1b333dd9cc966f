# Pins: what a __del__ at shutdown still finds of its module's names.
import sys


class Last:
    def __del__(self):
        print("first_name:", globals().get("first_name", "missing"))
        print("last_name:", globals().get("last_name", "missing"))
        print("finalizing:", sys.is_finalizing())
        print("sys.modules has json:", "json" in sys.modules)


first_name = "here"
middle = Last()
last_name = "here too"
print("end")
