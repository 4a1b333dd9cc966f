# Pins: errors of the symbol table and compiler: return outside, nonlocal, duplicate argument.
def outer(a):
    def inner():
        nonlocal missing
        missing = 1
    return inner
