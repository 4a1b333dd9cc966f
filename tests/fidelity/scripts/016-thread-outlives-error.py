# Pins: threads are awaited after the traceback of the main thread was printed.
import threading

go = threading.Event()


def work():
    go.wait()
    threading.main_thread().join()
    print("thread ends")


threading.Thread(target=work).start()
go.set()
raise RuntimeError("main fails first")
