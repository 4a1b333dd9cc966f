import queue
import threading

tasks = queue.PriorityQueue()


def work():
    while True:
        step()
        tasks.get()
        tasks.task_done()


workers = [threading.Thread(target=work) for _ in range(3)]
for worker in workers:
    worker.start()
for task in range(9):
    tasks.put(task)
tasks.join()
for worker in workers:
    worker.join()
