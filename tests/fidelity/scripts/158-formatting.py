# Pins: how floats, integers and texts are formatted.
import decimal
import fractions
import math

print(0.1 + 0.2, 1e16, 1e-5, 1 / 3, float("nan"), -math.inf, -0.0, 1e22, 123456789.123456789)
print(f"{math.pi:.3f} {math.pi:10.2e} {1234567:,} {255:#x} {5:08b} {0.5:%} {'text':^10}|")
print("%s %r %5d %-5s| %g %x" % ("a", "b", 3, "c", 1e10, 255))
print("{0!r} {name} {0:>{width}}".format("x", name="n", width=4))
print(decimal.Decimal("0.1") + decimal.Decimal("0.2"), fractions.Fraction(1, 3))
print(f"{'nested'!r:>10} {(lambda: 3)()} {3 + 4 = }")
print(round(2.5), round(-1.5), round(2.675, 2), 7 // -2, 7 % -2, divmod(-7, 2), 2**100)
print(1_000_000, 0xff, 1j * 1j, complex(1, -2), b"bytes \xff", bytearray(b"x"), range(3))
