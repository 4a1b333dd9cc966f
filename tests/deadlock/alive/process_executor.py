import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor


def work(number):
    time.sleep(0.2)
    return 2 * number


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        print(list(pool.map(work, range(4))))
