import _thread

lock = _thread.allocate_lock()
lock.acquire()
step()
lock.acquire()
