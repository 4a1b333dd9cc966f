# Pins: finalisers of objects held by attributes, closures, defaults and class bodies.
class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


class Holder:
    in_class = Noisy("class attribute")

    def __init__(self):
        self.held = Noisy("instance attribute")


def closure():
    kept = Noisy("closure cell")

    def inner():
        return kept.name

    return inner


def default(argument=Noisy("default")):
    return argument.name


holder = Holder()
function = closure()
print(function(), default())
function.attribute = Noisy("function attribute")
