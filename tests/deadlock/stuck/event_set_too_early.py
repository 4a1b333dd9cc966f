import threading

ready = threading.Event()


def work():
    ready.set()
    ready.clear()


thread = threading.Thread(target=work)
thread.start()
thread.join()
step()
ready.wait()
