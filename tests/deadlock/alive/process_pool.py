import multiprocessing
import time


def work(number):
    time.sleep(0.1)
    return 2 * number


if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print(pool.map(work, range(6)))
