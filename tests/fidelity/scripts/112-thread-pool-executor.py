# Pins: ThreadPoolExecutor: results, exceptions, and one left to shut down at exit.
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed

with ThreadPoolExecutor(max_workers=3, thread_name_prefix="pool") as pool:
    print(list(pool.map(lambda x: x * x, range(5))))
    failing = pool.submit(int, "x")
    print(repr(failing.exception()))
left = ThreadPoolExecutor(1)
hold = threading.Event()
first = left.submit(hold.wait)
second = left.submit(print, "queued work runs before the exit")
hold.set()
print("end", flush=True)
