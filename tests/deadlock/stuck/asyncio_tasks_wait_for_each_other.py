import asyncio


async def main():
    tasks = []

    async def wait_for(i):
        await asyncio.sleep(0)
        step()
        await asyncio.shield(tasks[i])

    tasks += [asyncio.create_task(wait_for(1)), asyncio.create_task(wait_for(0))]
    await asyncio.wait(tasks)


asyncio.run(main())
