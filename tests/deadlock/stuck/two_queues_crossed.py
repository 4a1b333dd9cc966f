import queue
import threading

to_one, to_other = queue.Queue(), queue.Queue()


def other():
    step()
    to_other.get()
    to_one.put("answer")


threading.Thread(target=other).start()
step()
to_one.get()
to_other.put("question")
