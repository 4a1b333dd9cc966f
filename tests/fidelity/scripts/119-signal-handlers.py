# Pins: handlers in Python, their arguments, nesting, and an exception out of one.
import os
import signal


def handler(number, frame):
    print("handler", signal.Signals(number).name, frame.f_code.co_name, frame.f_lineno)


def failing(number, frame):
    raise TimeoutError("out of a handler")


signal.signal(signal.SIGUSR1, handler)
signal.signal(signal.SIGUSR2, failing)
signal.raise_signal(signal.SIGUSR1)
os.kill(os.getpid(), signal.SIGUSR1)
try:
    signal.raise_signal(signal.SIGUSR2)
except TimeoutError as error:
    print(error)
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
signal.raise_signal(signal.SIGUSR1)
print(signal.getsignal(signal.SIGUSR1).name)
signal.raise_signal(signal.SIGUSR2)
