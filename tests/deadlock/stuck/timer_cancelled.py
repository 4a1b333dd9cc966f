import threading

event = threading.Event()
timer = threading.Timer(60, event.set)
timer.start()
timer.cancel()
timer.join()
step()
event.wait()
