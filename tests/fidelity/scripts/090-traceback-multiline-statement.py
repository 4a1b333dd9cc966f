# Pins: which line a traceback gives in statements over several lines.
values = [1, 2, 0]
result = sum(
    10 // value
    for value in values
) + len(
    values
)
