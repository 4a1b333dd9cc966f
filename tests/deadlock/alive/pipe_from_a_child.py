import os
import threading
import time

reading, writing = os.pipe()
got = threading.Event()


def read():
    os.read(reading, 1)
    got.set()


if os.fork() == 0:
    time.sleep(0.4)
    os.write(writing, b"x")
    os._exit(0)
threading.Thread(target=read).start()
got.wait()
os.wait()
