# Pins: os.fork while a thread runs (newer Pythons warn, with the line).
import os
import threading

stop = threading.Event()
thread = threading.Thread(target=stop.wait)
thread.start()
reader, writer = os.pipe()
child = os.fork()
if child == 0:
    os.read(reader, 1)
    os.write(1, b"threads in child: %d\n" % threading.active_count())
    os._exit(0)
os.write(writer, b"x")
os.waitpid(child, 0)
stop.set()
thread.join()
print("threads in parent:", threading.active_count())
