import select
import socket
import threading
import time

ours, theirs = socket.socketpair()
ready = threading.Event()


def watch():
    select.select([ours], [], [])
    ready.set()


threading.Thread(target=watch).start()
threading.Timer(0.4, theirs.send, (b"x",)).start()
ready.wait()
