# Pins: the complaint about a task whose exception nobody looked at.
import asyncio


async def fail():
    raise ValueError("unseen")


async def main():
    task = asyncio.ensure_future(fail())
    task.set_name("the task")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
    print("main ends")


asyncio.run(main())
