# Pins: 'return' outside function, found by the compiler.
for number in range(3):
    print(number)
return 1
