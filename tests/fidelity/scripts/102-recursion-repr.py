# Pins: endless recursion in __repr__, mutual recursion, and repr of containers in themselves.
class Endless:
    def __repr__(self):
        return "Endless(%r)" % (self,)


class Even:
    def __eq__(self, other):
        return other == self


values = [1]
values.append(values)
mapping = {}
mapping["me"] = mapping
print(values, mapping)
try:
    repr(Endless())
except RecursionError as error:
    print(error)
Even() == Even()
