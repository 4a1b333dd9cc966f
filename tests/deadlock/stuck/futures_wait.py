import concurrent.futures
import threading

never = threading.Event()
pool = concurrent.futures.ThreadPoolExecutor(2)
futures = [pool.submit(never.wait), pool.submit(int, "7")]
step()
concurrent.futures.wait(futures)
