import os
import threading
import time

gone = threading.Event()
child = os.fork()
if child == 0:
    time.sleep(0.4)
    os._exit(0)


def reap():
    os.waitpid(child, 0)
    gone.set()


threading.Thread(target=reap).start()
gone.wait()
