import queue
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(1)
step()
pool.submit(queue.Queue().get)
