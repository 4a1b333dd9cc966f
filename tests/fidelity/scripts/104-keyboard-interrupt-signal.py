# Pins: SIGINT to itself becomes KeyboardInterrupt, which can be caught.
import os
import signal

try:
    os.kill(os.getpid(), signal.SIGINT)
    for _ in range(1000):
        pass
    print("not reached")
except KeyboardInterrupt as error:
    print("caught", repr(error))
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
signal.raise_signal(signal.SIGINT)
