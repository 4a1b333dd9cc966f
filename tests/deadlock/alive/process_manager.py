import multiprocessing
import threading
import time

if __name__ == "__main__":
    with multiprocessing.get_context("fork").Manager() as manager:
        queue = manager.Queue()
        threading.Timer(0.4, queue.put, ("late",)).start()
        print(queue.get())
