# Pins: tabs and blanks mixed.
if True:
        x = 1
	y = 2
