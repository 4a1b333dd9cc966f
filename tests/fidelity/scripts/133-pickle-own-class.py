# Pins: pickling of classes and functions that the script itself defines.
import copy
import pickle


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __reduce__(self):
        return Point, (self.x, self.y)


def function():
    return "called"


data = pickle.dumps(Point(1, 2), protocol=2)
print(data)
again = pickle.loads(data)
print(type(again) is Point, again.x, again.y, copy.deepcopy(again).x)
print(pickle.loads(pickle.dumps(function))())
try:
    pickle.dumps(lambda: 1, protocol=2)
except (pickle.PicklingError, AttributeError) as error:
    print(type(error).__name__, str(error).split(" at 0x")[0])
