import threading

lock = threading.Lock()
lock.acquire()
step()
lock.acquire()
