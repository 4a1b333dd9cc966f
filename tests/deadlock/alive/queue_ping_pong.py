import queue
import threading
import time

there, back = queue.Queue(), queue.Queue()
end = time.monotonic() + 1


def echo():
    while (ball := there.get()) is not None:
        back.put(ball)


threading.Thread(target=echo).start()
while time.monotonic() < end:
    there.put("ball")
    back.get()
there.put(None)
