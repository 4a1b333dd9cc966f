import asyncio


async def serve(reader, writer):
    await asyncio.sleep(0.2)
    writer.write(await reader.readline())
    await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    await asyncio.sleep(0.2)
    writer.write(b"hello\n")
    print(await reader.readline())
    writer.close()
    server.close()


asyncio.run(main())
