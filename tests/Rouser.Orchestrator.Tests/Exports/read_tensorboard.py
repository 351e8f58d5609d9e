"""
Reads the event files of a log folder and prints them as JSON. Made from the description of TFRecord (length, masked
CRC-32C of it, data, masked CRC-32C of that) and of the messages; it shares no code with TensorBoard or Rouser.
"""

import json
import os
import struct
import sys

from protobuf import all_of, double, maybe, one, single

TABLE = []
for n in range(256):
    for _ in range(8):
        n = (n >> 1) ^ (0x82F63B78 if n & 1 else 0)
    TABLE.append(n)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


# The check value of RFC 3720, appendix B.4, for 32 bytes of zeros.
assert crc32c(bytes(32)) == 0x8A9136AA


def masked(data):
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def records(path):
    with open(path, "rb") as file:
        while head := file.read(12):
            assert len(head) == 12, "a record's head is cut"
            length, check = struct.unpack("<QI", head)
            assert masked(head[:8]) == check, "the checksum of a length"
            data = file.read(length)
            assert len(data) == length, "a record is cut"
            (check,) = struct.unpack("<I", file.read(4))
            assert masked(data) == check, "the checksum of a record"
            yield data


def value(message):
    """A google.protobuf.Value."""
    if (number := maybe(message, 2)) is not None:
        return double(number)
    if (text := maybe(message, 3)) is not None:
        return text.decode()
    return bool(one(message, 4))


def session(data):
    return {
        "hparams": {one(e, 1).decode(): value(one(e, 2)) for e in all_of(data, 1)},
        "group": one(data, 4).decode(),
        "start": double(one(data, 5)),
    }


def experiment(data):
    return {
        "name": one(data, 6).decode(),
        "hparams": {
            one(info, 1).decode(): {
                "type": one(info, 4),
                "words": [value(v) for v in all_of(maybe(info, 5) or b"", 1)],
                "interval": [double(one(maybe(info, 6), i)) for i in (1, 2)] if maybe(info, 6) else None,
            }
            for info in all_of(data, 4)
        },
        "metrics": [one(one(info, 1), 2).decode() for info in all_of(data, 5)],
    }


runs = {}
for folder, _, files in os.walk(sys.argv[1]):
    for name in files:
        assert "tfevents" in name, name
        run = runs.setdefault(os.path.relpath(folder, sys.argv[1]), {"scalars": {}, "times": {}})
        for number, event in enumerate(records(os.path.join(folder, name))):
            if number == 0:
                assert one(event, 3) == b"brain.Event:2"
                continue
            step = maybe(event, 2) or 0
            for summary in all_of(one(event, 5), 1):
                tag = one(summary, 1).decode()
                if (meta := maybe(summary, 9)) is None:
                    run["scalars"].setdefault(tag, {})[step] = repr(single(one(summary, 2)))
                    run["times"][step] = double(one(event, 1))
                    continue
                plugin = one(meta, 1)
                assert one(plugin, 1) == b"hparams"
                # An empty tensor of type float: what TensorBoard takes for none.
                assert one(one(summary, 8), 1) == 1
                content = one(plugin, 2)
                if tag == "_hparams_/experiment":
                    run["experiment"] = experiment(one(content, 2))
                elif tag == "_hparams_/session_start_info":
                    run["start"] = session(one(content, 3))
                else:
                    assert tag == "_hparams_/session_end_info"
                    run["status"] = one(one(content, 4), 1)
print(json.dumps(runs))
