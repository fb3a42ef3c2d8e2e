#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a small MaxMind DB file (format 2.0) of invented places, for tests.

make_mmdb.py OUT [--ipv4-only]
The networks are those that RFC 5737 and RFC 3849 set aside for documentation.
"""
import argparse
import ipaddress
import pathlib
import struct

METADATA_MARK = b"\xab\xcd\xefMaxMind.com"
RECORD_BITS = 28
CITY = {
    "country": {"iso_code": "NL", "is_in_european_union": True, "names": {"en": "Netherlands", "de": "Niederlande"}},
    "continent": {"code": "EU"},
    "subdivisions": [{"iso_code": "NH", "names": {"en": "North Holland"}}],
    "city": {"names": {"en": "Duinhaven", "de": "Dünenhafen"}},
    "postal": {"code": "1999 ZZ"},
    "location": {"latitude": 52.5, "longitude": 4.625, "accuracy_radius": 20, "time_zone": "Europe/Amsterdam"},
}
LAND = {"country": {"iso_code": "KE", "names": {"en": "Kenya"}}, "continent": {"code": "AF"}}
PLACES = {
    "192.0.2.0/24": CITY,
    "198.51.100.0/25": LAND,
    "203.0.113.7/32": {"autonomous_system_number": 64500, "autonomous_system_organization": "Example Net"},
    "2001:db8:1::/48": CITY,
    "2001:db8:2::/47": LAND,
}


def control(kind, size):
    """A field's control byte: its type, and its size in up to three bytes more."""
    if size < 29:
        low, more = size, b""
    elif size < 285:
        low, more = 29, struct.pack("B", size - 29)
    elif size < 65821:
        low, more = 30, struct.pack(">H", size - 285)
    else:
        low, more = 31, struct.pack(">I", size - 65821)[1:]
    if kind < 8:
        return bytes([kind << 5 | low]) + more
    return bytes([low, kind - 7]) + more


def integer(value, kind):
    digits = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return control(kind, len(digits)) + digits


class Wide(int):
    """An integer whose type readers insist on: Wide32 or Wide64."""


class Wide32(Wide):
    kind = 6


class Wide64(Wide):
    kind = 9


def encode(value):
    if isinstance(value, Wide):
        return integer(value, value.kind)
    if isinstance(value, bool):
        return control(14, int(value))
    if isinstance(value, str):
        text = value.encode("utf-8")
        return control(2, len(text)) + text
    if isinstance(value, float):
        return control(3, 8) + struct.pack(">d", value)
    if isinstance(value, int):
        return integer(value, 5 if value < 1 << 16 else 6 if value < 1 << 32 else 9)
    if isinstance(value, dict):
        return control(7, len(value)) + b"".join(encode(k) + encode(v) for k, v in value.items())
    if isinstance(value, list):
        return control(11, len(value)) + b"".join(map(encode, value))
    raise TypeError(type(value))


def bits_of(network, is_ipv4_only):
    """The path of a network in the tree; IPv4 stands below ::/96 of an IPv6 tree."""
    address, length = int(network.network_address), network.prefixlen
    width = network.max_prefixlen
    path = [address >> (width - 1 - i) & 1 for i in range(length)]
    return path if is_ipv4_only or network.version == 6 else [0] * 96 + path


def make(places, is_ipv4_only=False):
    data, offsets = b"", {}
    nodes = [[None, None]]
    for text, place in places.items():
        network = ipaddress.ip_network(text)
        if is_ipv4_only and network.version == 6:
            continue
        packed = encode(place)
        if packed not in offsets:  # places in common are stored once
            offsets[packed] = len(data)
            data += packed
        path = bits_of(network, is_ipv4_only)
        at = 0
        for bit in path[:-1]:
            if nodes[at][bit] is None:
                nodes.append([None, None])
                nodes[at][bit] = len(nodes) - 1
            at = nodes[at][bit]
        nodes[at][path[-1]] = ("data", offsets[packed])

    def number(record):
        if record is None:
            return len(nodes)
        if isinstance(record, tuple):
            return len(nodes) + 16 + record[1]
        return record

    tree = b""
    for left, right in nodes:
        left, right = number(left), number(right)
        middle = (left >> 24) << 4 | right >> 24
        tree += (left & 0xFFFFFF).to_bytes(3, "big") + bytes([middle]) + (right & 0xFFFFFF).to_bytes(3, "big")
    metadata = {
        "binary_format_major_version": 2, "binary_format_minor_version": 0, "build_epoch": Wide64(1767600000),
        "database_type": "Freshet-Invented-Places", "description": {"en": "Invented places for tests"},
        "ip_version": 4 if is_ipv4_only else 6, "languages": ["en", "de"],
        "node_count": Wide32(len(nodes)), "record_size": RECORD_BITS,
    }
    return tree + bytes(16) + data + METADATA_MARK + encode(metadata)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--ipv4-only", action="store_true")
    arguments = parser.parse_args()
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_bytes(make(PLACES, arguments.ipv4_only))


if __name__ == "__main__":
    main()
