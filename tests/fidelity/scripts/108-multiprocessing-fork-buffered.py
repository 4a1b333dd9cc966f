# Pins: a forked child inherits main's unflushed output and flushes it as well.
import multiprocessing


def work():
    print("child")


if __name__ == "__main__":
    print("main, buffered")
    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    process.join()
    print("joined", process.exitcode)
