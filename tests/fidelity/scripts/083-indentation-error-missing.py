# Pins: a block that is missing after a colon.
def f():
print("x")
