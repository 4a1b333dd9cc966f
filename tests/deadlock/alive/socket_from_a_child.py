import os
import socket
import threading
import time

ours, theirs = socket.socketpair()
got = threading.Event()


def receive():
    ours.recv(1)
    got.set()


if os.fork() == 0:
    time.sleep(0.4)
    theirs.send(b"x")
    os._exit(0)
theirs.close()
threading.Thread(target=receive).start()
got.wait()
os.wait()
