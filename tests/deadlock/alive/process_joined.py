import multiprocessing
import time

if __name__ == "__main__":
    process = multiprocessing.get_context("fork").Process(target=time.sleep, args=(0.4,))
    process.start()
    process.join()
