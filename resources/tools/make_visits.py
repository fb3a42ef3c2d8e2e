#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes shop/opening.json and personas/*.json of the example from its people and products.

Both show the same eight baskets: the opening as visits in the shop's first hour, the personas as what a reminder
sees, so that a preview works before anything ran.
"""
import json
from datetime import datetime, timezone
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "examples/abandoned-basket"
LEFT_AT = 1718112840000  # 2024-06-11T13:34:00Z: any instant will do, it only has to stay
BETWEEN = 6  # seconds of shop time between two additions to one basket

# (file, person, minutes into the shop's first hour, [(product, quantity)])
BASKETS = [
    ("zoe", "u00000001", 35, [("linen-duvet", 1), ("stoneware-mug", 2), ("candle-cedar", 1)]),
    ("amara", "u00000002", 36, [("dune-table-lamp", 1)]),
    ("jonas", "u00000005", 38, [("bath-towel-set", 1), ("candle-fig", 1)]),
    ("jose", "u00000003", 39, [("linen-cushion", 2), ("wool-throw", 1)]),
    ("maximiliane", "u00000004", 42, [("picnic-blanket", 1), ("salad-bowl", 1)]),
    ("no_name", "u00000006", 45, [("stoneware-mug", 2), ("tide-vase", 1)]),
    ("layla", "u00000007", 48, [("teapot", 1), ("breakfast-bowl", 4)]),
    ("bo", "u00000008", 51, [("wool-duvet", 1), ("reading-lamp", 1), ("linen-cushion", 1), ("espresso-cup", 1),
                             ("bud-vase", 1), ("herb-planter", 1), ("kitchen-towel-set", 1), ("wall-clock", 1),
                             ("milk-jug", 1)]),
]


def added(product, quantity, language):
    return {
        "product_id": product["id"],
        "name": product["name"][language],
        "variant": product["blurb"][language],
        "picture": product["picture"],
        "price": product["price"],
        "quantity": quantity,
        "currency": "EUR",
    }


def minutes(at, index):
    return f"{at + index * BETWEEN / 60:g} min"


def timestamp(milliseconds):
    return datetime.fromtimestamp(milliseconds // 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def persona(profile, items):
    since = LEFT_AT - (len(items) - 1) * BETWEEN * 1000
    return {
        "profile": profile,
        "basket": {"items": items, "since": since, "left_at": LEFT_AT},
        "event": {
            "type": "track",
            "event": "add_to_cart",
            "userId": profile["id"],
            "messageId": f"persona-{profile['id']}",
            "timestamp": timestamp(since),
            "properties": items[0],
        },
    }


def write(path, value):
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    (PROJECT / path).write_text(text, encoding="utf-8", newline="\n")


def main():
    products = {p["id"]: p for p in json.loads((PROJECT / "shop/products.json").read_text(encoding="utf-8"))}
    with open(PROJECT / "shop/people.ndjson", encoding="utf-8") as lines:
        people = {p["id"]: p for p in map(json.loads, lines)}
    # Who is in the script is no random visitor: a guest's basket is hers alone.
    opening = [
        {"at": "1 min", "person": who, "event": "page_view", "properties": {"product_id": "linen-duvet"}}
        for who, person in people.items() if person.get("guest")
    ]
    for name, who, at, wanted in BASKETS:
        items = [added(products[product], quantity, people[who]["language"]) for product, quantity in wanted]
        opening += [
            {"at": minutes(at, index), "person": who, "event": "add_to_cart", "properties": item}
            for index, item in enumerate(items)
        ]
        write(f"personas/{name}.json", persona(people[who], items))
    write("shop/opening.json", opening)


if __name__ == "__main__":
    main()
