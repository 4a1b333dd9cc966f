import fcntl
import os
import threading
import time

file = open("shared", "w")
taken = threading.Event()
reading, writing = os.pipe()


def take():
    with open("shared", "w") as mine:
        fcntl.flock(mine, fcntl.LOCK_EX)
    taken.set()


if os.fork() == 0:
    with open("shared", "w") as theirs:
        fcntl.flock(theirs, fcntl.LOCK_EX)
        os.write(writing, b"x")
        time.sleep(0.4)
    os._exit(0)
os.read(reading, 1)
threading.Thread(target=take).start()
taken.wait()
os.wait()
