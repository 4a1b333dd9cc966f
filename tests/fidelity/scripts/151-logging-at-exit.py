# Pins: logging handlers are flushed by atexit, in its place in the order.
import atexit
import logging
import logging.handlers
import sys

target = logging.StreamHandler(sys.stdout)
memory = logging.handlers.MemoryHandler(100, target=target)
atexit.register(print, "registered after logging")
logger = logging.getLogger("kept")
logger.addHandler(memory)
logger.warning("flushed at exit")
print("end")
