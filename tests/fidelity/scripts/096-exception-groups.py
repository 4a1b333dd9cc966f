# python: >=3.11
# Pins: how nested exception groups are shown, and except*.
def fail(number):
    raise ValueError(number)


errors = []
for number in range(3):
    try:
        fail(number)
    except ValueError as error:
        errors.append(error)
try:
    raise ExceptionGroup("mixed", [*errors, TypeError("odd")])
except* TypeError as group:
    print("type errors:", group.exceptions)
except* ValueError as group:
    print("value errors:", [str(error) for error in group.exceptions])
raise ExceptionGroup("outer", [errors[0], ExceptionGroup("inner", errors[1:])])
