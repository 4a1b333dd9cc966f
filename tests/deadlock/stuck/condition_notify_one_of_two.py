import threading

condition = threading.Condition()
waiting = threading.Semaphore(0)


def work():
    with condition:
        waiting.release()
        step()
        condition.wait()


threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads:
    thread.start()
for _ in threads:
    waiting.acquire()
with condition:
    condition.notify()
for thread in threads:
    thread.join()
