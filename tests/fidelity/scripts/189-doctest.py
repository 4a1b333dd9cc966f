# Pins: doctest of the script's own docstrings, found through __main__.
import doctest


def double(x):
    """Doubles.

    >>> double(2)
    4
    >>> double("a")
    'aab'
    """
    return x * 2


print(doctest.testmod())
