# Pins: what does not depend on hashes: order of dicts, sets of small integers, sorted views.
numbers = {3, 1, 2, 10, 7}
print(numbers, {1, 2} | {3}, frozenset([2, 1]), set())
mapping = {"z": 1, "a": 2}
mapping["m"] = 3
mapping.pop("z")
mapping["z"] = 4
print(mapping, list(mapping.items()), mapping.keys() & {"a"})
print({x % 3 for x in range(10)}, hash(10), hash(1.0) == hash(1), hash(2**61), hash((1, 2)))
print(hash("text") == hash("te" + "xt"), hash(None) == hash(None))
