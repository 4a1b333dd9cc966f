"""A docstring that is not shown."""
# Pins: bare expressions of every kind print nothing, but are evaluated.
1
"text"
None
...
[1, 2][0]
(lambda: 3)()
x = [3, 1, 2]
x.sort()
x
x.append(4)
print("shown") or "not shown"
f"{x}"
if x:
    x[0]
    "in a block"
for item in x:
    item
with open("/dev/null") as file:
    file.read()
try:
    x[0]
finally:
    "finally"
"last expression"; x; print(x)


class Loud:
    def __repr__(self):
        print("repr was called")
        return "Loud"


loud = Loud()
loud
Loud()
loud.missing
