import threading

first, second = threading.Lock(), threading.Lock()
both = threading.Barrier(2)


def work(one, other):
    with one:
        both.wait()
        step()
        with other:
            pass


threads = [threading.Thread(target=work, args=pair) for pair in ((first, second), (second, first))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
