# Pins: a line continued by a backslash, several statements on one, a comment inside a call.
x = 1 + \
    2

print(x)
if x: print("one line"); print("two")
print("end");
raise ValueError(
    "continued"  # a comment
)
