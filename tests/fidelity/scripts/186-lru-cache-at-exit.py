# Pins: objects held by a functools cache and by a partial.
import functools


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


@functools.lru_cache(maxsize=None)
def cached(name):
    return Noisy(name)


cached("cached")
partial = functools.partial(print, Noisy("in a partial"))
print(cached.cache_info())


@functools.singledispatch
def show(value):
    print("plain", value)


@show.register
def _(value: int):
    print("int", value)


show(1)
show("x")
