# Pins: an unexpected token in the middle of a long line, with tabs before it.
def f():
	if True:
		value = {"a": 1, "b" 2, "c": 3}
