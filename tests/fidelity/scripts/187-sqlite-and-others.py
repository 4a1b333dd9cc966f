# Pins: extension modules used in earnest: sqlite3, zlib, struct, array, decimal, datetime.
import array
import datetime
import hashlib
import sqlite3
import struct
import zlib

with sqlite3.connect(":memory:") as connection:
    connection.execute("create table t (a integer, b text)")
    connection.executemany("insert into t values (?, ?)", [(1, "x"), (2, "y")])
    print(connection.execute("select * from t order by a desc").fetchall())
print(zlib.decompress(zlib.compress(b"text")), struct.pack("<IH", 1, 2), array.array("i", [1]))
print(hashlib.sha256(b"").hexdigest(), datetime.date(2024, 2, 29) + datetime.timedelta(365))
connection.close()
connection.execute("select 1")
