import os
import socket
import threading
import time

server = socket.create_server(("127.0.0.1", 0))
called = threading.Event()


def accept():
    server.accept()
    called.set()


threading.Thread(target=accept).start()
if os.fork() == 0:
    time.sleep(0.4)
    socket.create_connection(server.getsockname())
    os._exit(0)
called.wait()
os.wait()
