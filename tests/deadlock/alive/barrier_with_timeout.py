import threading

try:
    threading.Barrier(2).wait(timeout=0.4)
except threading.BrokenBarrierError:
    print("broken")
