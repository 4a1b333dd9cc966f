# Pins: the marks under the failing part of a line (3.11 and later), also with wide characters.
data = {"a": {"b": [1, {"c": None}]}}
try:
    print("é" + "ü" + data["a"]["b"][1]["c"]["d"] + "日本")
except TypeError:
    import traceback

    traceback.print_exc()
x = data["a"]["b"][1]["missing"]["d"]
