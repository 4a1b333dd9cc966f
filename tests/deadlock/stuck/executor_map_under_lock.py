import threading
from concurrent.futures import ThreadPoolExecutor

lock = threading.Lock()


def double(number):
    step()
    with lock:
        return 2 * number


with ThreadPoolExecutor() as pool, lock:
    print(list(pool.map(double, range(4))))
