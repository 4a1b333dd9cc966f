import threading

locks = [threading.Lock() for _ in range(3)]
gate = threading.Barrier(3)


def take(i):
    with locks[i]:
        gate.wait()
        step()
        with locks[(i + 1) % 3]:
            pass


threads = [threading.Thread(target=take, args=(i,), name=f"ring-{i}") for i in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
