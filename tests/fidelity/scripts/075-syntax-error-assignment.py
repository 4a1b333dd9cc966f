# Pins: assignment to a literal and to a call, as the compiler says it.
def f():
    return 1


f() = 2
