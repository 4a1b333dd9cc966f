import queue

try:
    queue.Queue().get(timeout=0.4)
except queue.Empty:
    print("empty")
