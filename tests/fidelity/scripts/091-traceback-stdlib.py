# Pins: a traceback that ends inside the standard library, with its source lines.
import json

json.loads('{"a": }')
