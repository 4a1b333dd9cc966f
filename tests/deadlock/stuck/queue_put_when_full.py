import queue

tasks = queue.Queue(maxsize=2)
for task in range(3):
    step()
    tasks.put(task)
