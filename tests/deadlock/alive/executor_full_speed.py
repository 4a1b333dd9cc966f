import time
from concurrent.futures import ThreadPoolExecutor

end = time.monotonic() + 1
with ThreadPoolExecutor(4) as pool:
    while time.monotonic() < end:
        for future in [pool.submit(abs, -i) for i in range(20)]:
            future.result()
