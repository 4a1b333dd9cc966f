# Pins: nested try/finally at top level, return values, an exception that replaces another.
def function():
    try:
        return "try"
    finally:
        print("finally in function")


print(function())
for number in range(3):
    try:
        if number == 1:
            continue
        print(number)
    finally:
        print("finally", number)
else:
    print("else")
try:
    try:
        raise ValueError("first")
    finally:
        print("cleaning")
        [][0]
except IndexError as error:
    print(repr(error), repr(error.__context__))
while True:
    try:
        break
    finally:
        print("leaving the loop")
assert False, "an assertion's message"
