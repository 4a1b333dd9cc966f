from concurrent.futures import Future

step()
Future().result()
