# Pins: a reference cycle that nobody collected is finalised at shutdown.
class Node:
    def __init__(self, name):
        self.name = name
        self.other = None

    def __del__(self):
        print("del", self.name)


left = Node("left")
right = Node("right")
left.other, right.other = right, left
loose = Node("loose")
loose.other = loose
del loose
print("loose is still alive")
