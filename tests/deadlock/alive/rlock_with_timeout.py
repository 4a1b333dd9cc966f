import threading

lock = threading.RLock()
threading.Thread(target=lock.acquire).start()
print(lock.acquire(timeout=0.4))
