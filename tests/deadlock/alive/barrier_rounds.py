import threading
import time

barrier = threading.Barrier(4)
rounds = 0


def count():
    global rounds
    rounds += 1


barrier = threading.Barrier(4, action=count)


def work():
    while rounds < 500:
        barrier.wait()


threads = [threading.Thread(target=work) for _ in range(4)]
end = time.monotonic() + 1
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
