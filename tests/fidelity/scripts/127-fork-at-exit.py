# Pins: atexit, threads and finalisers in a forked child that ends normally.
import atexit
import os
import threading


class Noisy:
    def __del__(self):
        print("del in", role)


role = "parent"
noisy = Noisy()
atexit.register(lambda: print("atexit in", role))
if os.fork() == 0:
    role = "child"
    threading.Thread(target=print, args=["thread in child"]).start()
else:
    os.wait()
print("end of", role)
