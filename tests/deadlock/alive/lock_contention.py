import threading
import time

lock = threading.Lock()
end = time.monotonic() + 1
count = 0


def work():
    global count
    while time.monotonic() < end:
        with lock:
            count += 1


threads = [threading.Thread(target=work) for _ in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
