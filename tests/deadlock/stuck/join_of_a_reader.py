import queue
import threading

tasks = queue.Queue()


def reader():
    while True:
        step()
        task = tasks.get()
        if task is None:
            break


thread = threading.Thread(target=reader)
thread.start()
tasks.put(1)
thread.join()
