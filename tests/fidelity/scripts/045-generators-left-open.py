# Pins: the finally blocks of generators that are still open at shutdown.
def steps(name):
    try:
        yield name
        yield "more"
    finally:
        print("closed", name)


first = steps("first")
second = steps("second")
never = steps("never started")
print(next(first), next(second))
for value in steps("loop"):
    print("in the loop", value)
    break
print("end")
