import threading

a, b = threading.Lock(), threading.Lock()
ready, go = threading.Event(), threading.Event()


def other():
    with b:
        ready.set()
        go.wait()
        step()
        with a:
            pass


threading.Thread(target=other).start()
with a:
    ready.wait()
    go.set()
    step()
    with b:
        pass
