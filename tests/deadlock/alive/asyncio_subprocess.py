import asyncio


async def main():
    process = await asyncio.create_subprocess_exec("sh", "-c", "sleep 0.4; echo late",
                                                   stdout=asyncio.subprocess.PIPE)
    print(await process.communicate())


asyncio.run(main())
