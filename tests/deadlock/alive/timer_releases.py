import threading

lock = threading.Lock()
lock.acquire()
threading.Timer(0.4, lock.release).start()
lock.acquire()
