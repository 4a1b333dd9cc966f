# Pins: asyncio.run: tasks in order, gather, a cancelled task, an exception out of it.
import asyncio


async def step(name, count):
    for number in range(count):
        print(name, number)
        await asyncio.sleep(0)
    return name


async def sleeper():
    try:
        await asyncio.sleep(600)
    finally:
        print("cancelled")


async def main():
    print(await asyncio.gather(step("a", 2), step("b", 3)))
    task = asyncio.create_task(sleeper())
    await asyncio.sleep(0)
    print("leaving")
    raise LookupError("out of main")


asyncio.run(main())
