#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes shop/people.ndjson of the example: 2,000 invented people, the same on every run.

How many people fall into each group is fixed, not drawn, so that the counts the designer shows can be checked by hand.
Everybody's address is in a domain that RFC 2606 reserves.
"""
import json
import sys
import unicodedata
from pathlib import Path

PEOPLE = Path(__file__).resolve().parents[1] / "examples/abandoned-basket/shop/people.ndjson"
OFFER = 40  # from this interest on, the reminder carries the offer

# (language, consent, offer, named, how many): personas are taken off these counts.
GROUPS = [
    ("en", True, True, True, 842),
    ("nl", True, True, True, 362),
    ("en", True, False, True, 238),
    ("nl", True, False, True, 102),
    ("en", True, False, False, 68),
    ("nl", True, False, False, 28),
    ("en", False, True, True, 180),
    ("nl", False, True, True, 76),
    ("en", False, False, True, 72),
    ("nl", False, False, True, 32),
]
NEVER_ASKED = 3  # people without a consent field at all

PERSONAS = [
    ("Zoë", "de Vries", "en", True, 62),
    ("Amara", "Okafor", "en", True, 8),
    ("José", "Núñez", "en", True, 44),
    ("Maximiliane", "von Hohenlohe-Bartenstein", "en", True, 71),
    ("Jonas", "Lindqvist", "en", False, 15),
    (None, None, "en", True, 22),
    ("ليلى", "منصور", "en", True, 55),
    ("Bo", "Smit", "nl", True, 40),
]
GUESTS = 4  # the next ones are you, on the shop's page: nothing is simulated for them but one look
PERSONA_ADDRESS = {"ليلى": "layla.mansour@example.org"}

FIRST = {
    "en": """Olivia Amelia Isla Ava Ivy Freya Grace Willow Florence Rosie Sienna Poppy Daisy Phoebe Evie Harper Clara
        Imogen Nora Maeve Aoife Saoirse Niamh Priya Anika Leila Yasmin Mei Hana Sofia Elena Camila Inés Chloé Zara
        George Arthur Noah Leo Oscar Theo Freddie Henry Archie Finley Jasper Felix Hugo Rory Callum Ewan Rhys Dylan
        Kwame Tunde Arjun Rohan Omar Yusuf Kenji Mateo Diego Luca Marco Émile Søren Łukasz Björn Tariq""".split(),
    "nl": """Sanne Emma Julia Mila Tess Sophie Noor Eva Saar Lotte Fleur Anouk Roos Femke Lieke Iris Maud Jasmijn Esmée
        Noëlle Renée Merel Nina Vera Fenna Elin Amina Naima Daan Sem Levi Finn Luuk Bram Milan Thijs Jesse Teun Sven
        Ruben Gijs Stijn Mees Joris Koen Wouter Maarten Pieter Jelle Tijn Niels Jurre Floris Sjoerd Bilal Rachid
        Emre""".split(),
}
LAST = {
    "en": """Smith Jones Taylor Brown Walker Hughes Green Hall Wood Clarke Baker Turner Hill Cooper Ward Parker Bennett
        Murray Fraser Campbell O'Brien Kelly Byrne Doyle Nowak Kowalska Schmidt Weber Rossi García López Silva Costa
        Patel Shah Khan Ali Ahmed Mensah Adeyemi Chen Wang Kim Tanaka Nguyen Dubois Moreau Jensen Berg
        Winter""".split(),
    "nl": ["Bakker", "Visser", "Smit", "Mulder", "Bos", "Vos", "Peters", "Hendriks", "Dekker", "Dijkstra", "Brouwer",
           "Kok", "Jacobs", "Vermeulen", "Schouten", "Willems", "Hoekstra", "Koster", "Prins", "Postma", "Kuipers",
           "de Jong", "Jansen", "de Vries", "van den Berg", "van Dijk", "de Groot", "van Leeuwen", "de Boer",
           "van der Meer", "van 't Hoff", "ter Horst", "Yılmaz", "El Amrani", "Özdemir", "Pinas"],
}
DOMAINS = ["example.com", "example.org", "example.net"]
FOLDED = str.maketrans({"ł": "l", "ø": "o", "ı": "i"})


class Draw:
    """A small generator of our own: library generators may change between versions."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % limit

    def pick(self, items):
        return items[self.below(len(items))]

    def shuffle(self, items):
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]


def ascii_word(text):
    plain = unicodedata.normalize("NFKD", text.lower().translate(FOLDED))
    return "".join(c for c in plain if c.isascii() and c.isalnum())


def person(number, first, last, language, consent, interest, address):
    entry = {"id": f"u{number:08d}"}
    if first:
        entry |= {"first_name": first, "last_name": last, "name": f"{first} {last}"}
    entry |= {"email": address, "language": language}
    if consent is not None:
        entry["consent"] = {"email": consent}
    return entry | {"interest": interest}


def address_for(number, first, last, taken, draw):
    domain = draw.pick(DOMAINS)
    local = f"{ascii_word(first)}.{ascii_word(last)}" if first else f"u{number:08d}"
    if (local, domain) in taken:
        local += str(number)
    taken.add((local, domain))
    return f"{local}@{domain}"


def interest_for(offer, draw):
    """Most people look around a little; few come back every day. One decimal, as the score is shown."""
    steps = min(draw.below(600), draw.below(600)) if offer else min(draw.below(400), draw.below(400))
    return (OFFER * 10 + steps if offer else steps) / 10


def seats_left():
    """One seat a person, less those the personas sit on."""
    left = {group[:4]: group[4] for group in GROUPS}
    for first, _, language, consent, interest in PERSONAS:
        left[(language, consent, interest >= OFFER, first is not None)] -= 1
    return [group for group, count in left.items() for _ in range(count)]


def people():
    draw, taken, made = Draw(20240611), set(), []
    for number, (first, last, language, consent, interest) in enumerate(PERSONAS, 1):
        address = PERSONA_ADDRESS.get(first) or address_for(number, first, last, taken, draw)
        made.append(person(number, first, last, language, consent, interest, address))
    seats = seats_left()
    draw.shuffle(seats)
    never_asked = NEVER_ASKED
    for number, (language, consent, offer, named) in enumerate(seats, len(PERSONAS) + 1):
        if not consent and never_asked:
            consent, never_asked = None, never_asked - 1
        first, last = (draw.pick(FIRST[language]), draw.pick(LAST[language])) if named else (None, None)
        address = address_for(number, first, last, taken, draw)
        made.append(person(number, first, last, language, consent, interest_for(offer, draw), address))
        if number <= len(PERSONAS) + GUESTS:
            assert consent and first, "a guest gets emails"
            made[-1]["guest"] = True
    return made


def main():
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    lines = [json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in people()]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
