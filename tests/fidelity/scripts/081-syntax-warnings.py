# Pins: SyntaxWarning and DeprecationWarning that the compiler itself gives, with the line.
pattern = "\d+"
value = 1
print(value is 1)
assert (value, "always true")
print(pattern)
