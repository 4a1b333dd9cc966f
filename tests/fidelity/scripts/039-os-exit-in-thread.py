# Pins: os._exit from a thread ends the process at once.
import os
import threading

print("flushed", flush=True)
print("lost")
thread = threading.Thread(target=os._exit, args=[13])
thread.start()
thread.join()
print("never")
