# Pins: implicit and explicit chains, 'from None', and the order in which they are shown.
import sys
import traceback


def implicit():
    try:
        {}["missing"]
    except KeyError:
        raise ValueError("while handling")


def explicit():
    try:
        int("x")
    except ValueError as error:
        raise RuntimeError("because of it") from error


def silent():
    try:
        int("x")
    except ValueError:
        raise RuntimeError("without its reason") from None


for function in (implicit, silent):
    try:
        function()
    except Exception:
        traceback.print_exc(file=sys.stdout)
explicit()
