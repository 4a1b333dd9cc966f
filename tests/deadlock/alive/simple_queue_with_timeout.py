import queue

try:
    queue.SimpleQueue().get(timeout=0.4)
except queue.Empty:
    print("empty")
