# Pins: the marks in a traceback of a bare expression whose value a comment claims.
data = {"a": [1, {"b": None}]}


def deep(item):
    return item["a"][1]["b"]["c"]


data["a"][0]  # 1
deep(
    data
)  # 'x'
