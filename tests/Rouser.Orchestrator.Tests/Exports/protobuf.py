"""Fields of a Protocol Buffers message, from https://protobuf.dev/programming-guides/encoding."""

import struct


def fields(data):
    """[(number, value)]: an int, the bytes of a delimited field, or the bytes of a fixed one."""
    found, at = [], 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value - (1 << 64) if value >> 63 else value

    while at < len(data):
        key = varint()
        kind = key & 7
        if kind == 0:
            value = varint()
        else:
            size = {1: 8, 5: 4}.get(kind)
            if kind == 2:
                size = varint()
            assert size is not None, f"wire type {kind}"
            value = data[at : at + size]
            assert len(value) == size, "a field ends beyond its message"
            at += size
        found.append((key >> 3, value))
    return found


def all_of(data, number):
    return [value for n, value in fields(data) if n == number]


def one(data, number):
    found = all_of(data, number)
    assert len(found) == 1, f"field {number} is there {len(found)} times"
    return found[0]


def maybe(data, number):
    return (all_of(data, number) or [None])[-1]


def double(raw):
    return struct.unpack("<d", raw)[0]


def single(raw):
    return struct.unpack("<f", raw)[0]
