# Pins: sys.exit in a thread ends that thread only; main's status counts.
import sys
import threading

thread = threading.Thread(target=sys.exit, args=[6])
thread.start()
thread.join()
print("main goes on")
raise SystemExit(2)
