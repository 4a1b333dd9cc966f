import threading
import time

end = time.monotonic() + 1


def work():
    while time.monotonic() < end:
        sum(range(10_000))


threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
