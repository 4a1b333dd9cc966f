# Pins: reference counts of the script's own objects.
import sys

value = []
print(sys.getrefcount(value))
other = value
holder = [value, value]
print(sys.getrefcount(value))
del other
holder.clear()
print(sys.getrefcount(value))


def function(argument):
    return sys.getrefcount(argument)


print(function(value), function([]))
print(sys.getrefcount(object()), sys.getsizeof([]), sys.getsizeof({}), sys.getsizeof(""))
