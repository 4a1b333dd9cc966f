import multiprocessing
import time


def work(event):
    time.sleep(0.4)
    event.set()


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    event = context.Event()
    process = context.Process(target=work, args=(event,))
    process.start()
    event.wait()
    process.join()
