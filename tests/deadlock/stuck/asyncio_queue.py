import asyncio


async def consume(tasks):
    while True:
        step()
        await tasks.get()
        tasks.task_done()


async def main():
    tasks = asyncio.Queue()
    consumers = [asyncio.create_task(consume(tasks)) for _ in range(2)]
    for task in range(4):
        tasks.put_nowait(task)
    await tasks.join()
    await asyncio.gather(*consumers)


asyncio.run(main())
