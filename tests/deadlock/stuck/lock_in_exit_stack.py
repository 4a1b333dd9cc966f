import contextlib
import threading

lock = threading.Lock()
with contextlib.ExitStack() as stack:
    for _ in range(2):
        step()
        stack.enter_context(lock)
