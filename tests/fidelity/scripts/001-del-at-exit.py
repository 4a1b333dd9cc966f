# Pins: __del__ of module globals runs at shutdown, in the order of the module's names.
class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


a = Noisy("a")
_private = Noisy("_private")
z = Noisy("z")
b = Noisy("b")
b = Noisy("b again")
print("end of the script")
