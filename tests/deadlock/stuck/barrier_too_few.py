import threading

barrier = threading.Barrier(3)


def run():
    step()
    barrier.wait()


threads = [threading.Thread(target=run) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
