# Pins: the order in which class bodies, metaclasses, descriptors and decorators act.
class Meta(type):
    @classmethod
    def __prepare__(cls, name, bases, **options):
        print("prepare", name, options)
        return super().__prepare__(name, bases)

    def __new__(cls, name, bases, namespace, **options):
        print("new", [key for key in namespace if not key.startswith("__")])
        return super().__new__(cls, name, bases, namespace)

    def __init__(cls, name, bases, namespace, **options):
        print("init")
        super().__init__(name, bases, namespace)


class Field:
    def __set_name__(self, owner, name):
        print("set name", owner.__name__, name)


def decorate(label):
    print("made", label)

    def apply(target):
        print("apply", label, target.__name__)
        return target

    return apply


@decorate("outer")
@decorate("inner")
class Thing(metaclass=Meta, option=1):
    print("body of", __qualname__, __module__)
    field = Field()

    @decorate("method")
    def method(self):
        return __class__.__name__

    def __init_subclass__(cls, **options):
        print("subclass", cls.__name__, options)


class Child(Thing, option=2):
    pass


print(Child().method(), Child.__mro__)
