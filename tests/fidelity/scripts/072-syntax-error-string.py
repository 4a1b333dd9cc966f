# Pins: an unterminated string.
print("fine")
print('not closed)
print("fine again")
