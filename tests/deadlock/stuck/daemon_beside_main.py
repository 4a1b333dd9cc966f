import queue
import threading

tasks = queue.Queue()


def work():
    while True:
        tasks.get()
        tasks.task_done()


threading.Thread(target=work, daemon=True).start()
tasks.put(1)
tasks.join()
step()
threading.Event().wait()
