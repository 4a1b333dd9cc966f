# Pins: ProcessPoolExecutor with its default way to start processes.
from concurrent.futures import ProcessPoolExecutor


class Custom(Exception):
    pass


def work(number):
    if number < 0:
        raise Custom("negative")
    return number + 1


if __name__ == "__main__":
    with ProcessPoolExecutor(max_workers=2) as pool:
        print(list(pool.map(work, range(6))))
        future = pool.submit(work, -1)
        print(repr(future.exception()))
    print("done")
