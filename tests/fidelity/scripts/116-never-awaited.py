# Pins: the warning for a coroutine that was never awaited, at once and at exit.
async def work():
    return 1


work()
print("after the first")
kept = work()
