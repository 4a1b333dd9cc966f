import multiprocessing
import time


def work(queue):
    time.sleep(0.4)
    queue.put("late")


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    process = context.Process(target=work, args=(queue,))
    process.start()
    print(queue.get())
    process.join()
