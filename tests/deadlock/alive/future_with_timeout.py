from concurrent.futures import Future, TimeoutError

try:
    Future().result(timeout=0.4)
except TimeoutError:
    print("late")
