# Pins: weakref.finalize callbacks at exit, in reverse order, and those that opted out.
import atexit
import weakref


class Thing:
    pass


first = Thing()
second = Thing()
third = Thing()
gone = Thing()
weakref.finalize(gone, print, "gone at once")
del gone
weakref.finalize(first, print, "first")
atexit.register(print, "atexit in between")
weakref.finalize(second, print, "second")
silent = weakref.finalize(third, print, "never")
silent.atexit = False
print("alive:", silent.alive)
