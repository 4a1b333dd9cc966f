import threading

threads = []
both = threading.Barrier(2)


def join(i):
    both.wait()
    step()
    threads[i].join()


threads += [threading.Thread(target=join, args=(1,)), threading.Thread(target=join, args=(0,))]
for thread in threads:
    thread.start()
