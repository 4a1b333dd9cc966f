# Pins: a threading.Timer fires after main has ended; a cancelled one never does.
import threading

fired = threading.Timer(0.05, print, args=["fired"])
fired.name = "timer thread"
fired.start()
cancelled = threading.Timer(600, print, args=["never"])
cancelled.start()
cancelled.cancel()
cancelled.join()
print("main is done")
