# Pins: a SyntaxError's text: nothing of the script runs.
print("never")


def broken(
    return 1
