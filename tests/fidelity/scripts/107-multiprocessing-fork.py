# Pins: processes by fork: output, exit codes, an exception in a child, a queue.
import multiprocessing
import os
import sys


def work(queue, number):
    print("child", number, flush=True)
    queue.put(number * number)
    sys.exit(number)


def fail():
    raise ValueError("in a child")


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    print("main", multiprocessing.current_process().name)
    sys.stdout.flush()
    for number in range(3):
        process = context.Process(target=work, args=(queue, number))
        process.start()
        process.join()
        print("exit code", process.exitcode, "result", queue.get())
        sys.stdout.flush()
    process = context.Process(target=fail, name="failing")
    process.start()
    process.join()
    print("exit code", process.exitcode)
