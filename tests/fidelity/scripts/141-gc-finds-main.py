# Pins: objects of the script are collected, its module dict is among the referrers.
import gc
import weakref


class Node:
    def __del__(self):
        print("del node")


node = Node()
node.me = node
reference = weakref.ref(node)
print(any(referrer is globals() for referrer in gc.get_referrers(node)))
del node
print(reference() is None)
gc.collect()
print(reference() is None)
exec("class Local: pass\nlocal = Local()\nlocal.spaces = globals()", scope := {})
gone = weakref.ref(scope["local"])
del scope
gc.collect()
print(gone() is None)
