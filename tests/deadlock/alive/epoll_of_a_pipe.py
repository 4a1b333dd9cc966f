import os
import select
import threading
import time

reading, writing = os.pipe()
if os.fork() == 0:
    time.sleep(0.4)
    os.write(writing, b"x")
    os._exit(0)
poller = select.epoll()
poller.register(reading, select.EPOLLIN)
print(len(poller.poll()))
os.wait()
