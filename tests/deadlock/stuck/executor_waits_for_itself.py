from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(max_workers=1)


def inner():
    return 1


def outer():
    step()
    return pool.submit(inner).result()


print(pool.submit(outer).result())
