import faulthandler
import threading

faulthandler.dump_traceback_later(0.3, file=open("stacks", "w"))
lock = threading.Lock()
lock.acquire()
threading.Timer(0.5, lock.release).start()
lock.acquire()
