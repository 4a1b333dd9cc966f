# Pins: an uncaught KeyboardInterrupt: traceback, then death by SIGINT.
import atexit

atexit.register(print, "atexit")
print("before")
raise KeyboardInterrupt
