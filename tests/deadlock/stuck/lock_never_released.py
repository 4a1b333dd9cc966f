import threading

lock = threading.Lock()


def forgetful():
    lock.acquire()


thread = threading.Thread(target=forgetful)
thread.start()
thread.join()
step()
lock.acquire()
