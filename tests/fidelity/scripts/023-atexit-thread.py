# Pins: what a thread started by an atexit callback may do (newer Pythons refuse it).
import atexit
import threading


def start():
    try:
        thread = threading.Thread(target=print, args=["in thread"])
        thread.start()
        thread.join()
    except RuntimeError as error:
        print("refused:", error)


atexit.register(start)
print("end")
