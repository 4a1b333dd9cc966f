import os
import select
import threading

reading, writing = os.pipe()
ready = threading.Event()


def watch():
    poller = select.poll()
    poller.register(reading, select.POLLIN)
    poller.poll()
    ready.set()


threading.Thread(target=watch).start()
threading.Timer(0.4, os.write, (writing, b"x")).start()
ready.wait()
