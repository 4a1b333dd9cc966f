import os
import threading
import time

reading, writing = os.pipe()
got = threading.Event()


def read():
    os.read(reading, 1)
    got.set()


def write():
    time.sleep(0.4)
    os.write(writing, b"x")


for work in (read, write):
    threading.Thread(target=work).start()
got.wait()
