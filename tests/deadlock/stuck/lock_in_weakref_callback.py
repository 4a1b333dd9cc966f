import threading
import weakref

lock = threading.Lock()


class Node:
    pass


def forget(reference):
    step()
    with lock:
        pass


node = Node()
reference = weakref.ref(node, forget)
with lock:
    node = None
