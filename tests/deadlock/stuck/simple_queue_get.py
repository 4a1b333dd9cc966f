import queue

step()
queue.SimpleQueue().get()
