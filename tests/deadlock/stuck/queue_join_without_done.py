import queue

tasks = queue.Queue()
tasks.put("a")
tasks.get()
step()
tasks.join()
