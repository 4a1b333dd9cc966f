import threading

condition = threading.Condition()
notified = threading.Event()


def notifier():
    with condition:
        condition.notify_all()
    notified.set()


threading.Thread(target=notifier).start()
notified.wait()
with condition:
    step()
    condition.wait()
