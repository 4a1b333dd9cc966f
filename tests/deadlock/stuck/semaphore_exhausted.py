import threading

permits = threading.Semaphore(2)
for _ in range(3):
    step()
    permits.acquire()
