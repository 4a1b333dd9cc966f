# Pins: what still works inside finalisers at shutdown: imports, open, threads, sys.stdout.
import sys


class Late:
    def __del__(self):
        try:
            import colorsys
            print("imported", colorsys.__name__)
        except Exception as error:
            print("import:", type(error).__name__, error)
        try:
            with open("/dev/null") as file:
                print("opened", file.name)
        except Exception as error:
            print("open:", type(error).__name__)
        print(sys.stdout is not None, len(sys.argv), __name__)


late = Late()
print("end")
