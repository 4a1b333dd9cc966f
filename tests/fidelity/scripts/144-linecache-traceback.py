# Pins: linecache finds the script, traceback.print_stack and format_stack from a function.
import linecache
import sys
import traceback


def show():
    traceback.print_stack()
    for entry in traceback.extract_stack():
        print(entry.name, entry.lineno, entry.line)


show()
print(linecache.getline(__file__, 1), end="")
frame = sys._getframe()
print(frame.f_lineno, frame.f_code.co_name, frame.f_locals is frame.f_globals)
