import ctypes
import os
import threading


class Time(ctypes.Structure):
    _fields_ = [("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long)]


library = ctypes.CDLL(None)
timer = library.timerfd_create(1, 0)
library.timerfd_settime(timer, 0, (Time * 2)(Time(0, 0), Time(0, 400_000_000)), None)
rung = threading.Event()


def read():
    os.read(timer, 8)
    rung.set()


threading.Thread(target=read).start()
rung.wait()
