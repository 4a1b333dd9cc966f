import threading
from concurrent.futures import ThreadPoolExecutor

gate = threading.Barrier(3)


def meet():
    step()
    gate.wait()


with ThreadPoolExecutor(max_workers=2) as pool:
    for _ in range(3):
        pool.submit(meet)
