import threading

lock = threading.Lock()
lock.acquire()
print(lock.acquire(timeout=0.4))
