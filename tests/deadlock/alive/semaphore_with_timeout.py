import threading

print(threading.Semaphore(0).acquire(timeout=0.4))
