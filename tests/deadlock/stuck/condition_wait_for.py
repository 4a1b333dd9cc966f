import threading

condition = threading.Condition()
stock = []


def seller():
    with condition:
        stock.append("pear")
        condition.notify()


threading.Thread(target=seller).start()
with condition:
    step()
    condition.wait_for(lambda: len(stock) > 1)
