import ctypes
import signal
import threading


class Event(ctypes.Structure):
    _fields_ = [("value", ctypes.c_void_p), ("signo", ctypes.c_int), ("notify", ctypes.c_int),
                ("rest", ctypes.c_char * 64)]


class Time(ctypes.Structure):
    _fields_ = [("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long)]


library = ctypes.CDLL(None)
event = threading.Event()
signal.signal(signal.SIGUSR1, lambda number, frame: event.set())
timer = ctypes.c_void_p()
library.timer_create(1, ctypes.byref(Event(None, signal.SIGUSR1, 0)), ctypes.byref(timer))
library.timer_settime(timer, 0, (Time * 2)(Time(0, 0), Time(0, 400_000_000)), None)
event.wait()
