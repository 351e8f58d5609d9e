"""
Reads the offline runs of a folder and prints them as JSON. Made from the description of LevelDB's log and of W&B's
records; it shares no code with either or with Rouser.
"""

import json
import os
import struct
import sys
import zlib

from protobuf import all_of, maybe, one

BLOCK = 32768


def records(data):
    ident, magic, version = struct.unpack("<4sHB", data[:7])
    assert (ident, magic, version) == (b":W&B", 0xBEE1, 0)
    at, parts = 7, None
    while at < len(data):
        room = BLOCK - at % BLOCK
        if room < 7:
            assert data[at : at + room] == bytes(room), "what pads a block"
            at += room
            continue
        check, length, kind = struct.unpack("<IHB", data[at : at + 7])
        part = data[at + 7 : at + 7 + length]
        assert len(part) == length and length <= room - 7, "a record ends beyond its block"
        assert zlib.crc32(part, zlib.crc32(bytes([kind]))) == check, "a checksum"
        at += 7 + length
        # 1 is whole; 2, 3 … 3, 4 are parts.
        assert (kind in (1, 2)) == (parts is None), "the order of parts"
        parts = (parts or b"") + part
        if kind in (1, 4):
            yield parts
            parts = None
    assert parts is None, "the last record is cut"


def items(message):
    return {one(i, 1).decode(): json.loads(one(i, 16)) for i in all_of(message, 1)}


runs = {}
for folder in sorted(os.listdir(sys.argv[1])):
    path = os.path.join(sys.argv[1], folder)
    assert os.path.isdir(os.path.join(path, "files"))
    (file,) = [f for f in os.listdir(path) if f.endswith(".wandb")]
    with open(os.path.join(path, file), "rb") as opened:
        read = list(records(opened.read()))
    run = {"file": file, "history": [], "summary": {}, "bytes": sum(map(len, read))}
    assert [one(r, 1) for r in read] == list(range(1, len(read) + 1)), "the numbers of records"
    assert maybe(read[0], 21) is not None and maybe(read[-1], 22) is not None, "header and footer"
    for record in read:
        if (made := maybe(record, 17)) is not None:
            run |= {
                "id": one(made, 1).decode(),
                "project": one(made, 3).decode(),
                "config": items(one(made, 4)),
                "name": one(made, 8).decode(),
                "tags": [t.decode() for t in all_of(made, 10)],
                "start": one(one(made, 17), 1),
            }
        elif (history := maybe(record, 2)) is not None:
            run["history"].append(items(history) | {"": one(one(history, 2), 1)})
        elif (summary := maybe(record, 3)) is not None:
            run["summary"] = items(summary)
        elif (ended := maybe(record, 18)) is not None:
            run["exit"] = one(ended, 1)
    runs[folder] = run
print(json.dumps(runs))
