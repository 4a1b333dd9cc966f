import sched
import threading

event = threading.Event()
scheduler = sched.scheduler()
for i in range(8):
    scheduler.enter(0.05 * i, 1, print, (i,))
scheduler.enter(0.4, 1, event.set)
threading.Thread(target=scheduler.run).start()
event.wait()
