import threading
import time


class Account:
    def __init__(self, balance):
        self.balance, self.lock = balance, threading.Lock()


def transfer(source, target, amount):
    with source.lock:
        time.sleep(0.02)
        step()
        with target.lock:
            source.balance -= amount
            target.balance += amount


one, two = Account(10), Account(20)
threads = [
    threading.Thread(target=transfer, args=(one, two, 1)),
    threading.Thread(target=transfer, args=(two, one, 2)),
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
