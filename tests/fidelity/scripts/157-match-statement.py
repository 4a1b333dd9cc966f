# python: >=3.10
# Pins: the match statement at top level and in functions, and names that it binds.
def kind(value):
    match value:
        case 0 | 1:
            return "bit"
        case int(n) if n < 0:
            return "negative"
        case [first, *rest]:
            return f"list of {first} and {len(rest)}"
        case {"key": found, **others}:
            return f"mapping {found} {others}"
        case str() as text:
            return text.upper()
        case _:
            return "other"


for value in (0, -3, [1, 2, 3], {"key": 1, "x": 2}, "text", 2.5):
    print(kind(value))
match (1, (2, 3)):
    case (a, (b, c)):
        print(a, b, c)
match = 5
case = match
print(match, case)
