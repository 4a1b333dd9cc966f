# Pins: SIGKILL to itself.
import os
import signal

print("seen", flush=True)
print("lost")
os.kill(os.getpid(), signal.SIGKILL)
