# Pins: the collection at shutdown happens even where the program disabled it.
import gc

gc.disable()


class Cycle:
    def __init__(self, number):
        self.number = number
        self.me = self

    def __del__(self):
        print("collected", self.number)


for number in range(3):
    Cycle(number)
print("disabled:", not gc.isenabled())
