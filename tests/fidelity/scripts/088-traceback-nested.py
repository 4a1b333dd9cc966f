# Pins: a traceback through functions, a lambda, a comprehension and a multi-line call.
def level_one(value):
    return level_two(value)


level_two = lambda value: [level_three(item) for item in value]


def level_three(item):
    return divide(
        item,
        0,
    )


def divide(a, b):
    return (a + 1) * 2 + a / b


level_one([1, 2])
