#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders a seeded corpus of generated templates here and with Debian's ruby-liquid.

differential.py RENDERER [--count N] [--seed N] [--show N]
Fails on a difference that no reason in REASONS explains; prints how many each reason explains.
"""
import argparse
import collections
import json
import os
import random
import re
import subprocess
import sys

DATA = {
    "n": 7, "zero": 0, "neg": -3, "f": 2.5, "g": 10.0, "tiny": 0.00001, "big": 123456789012345680.0,
    "s": "Hello World", "e": "", "w": "  a b\t\n", "u": "Zoë ßÜñ ليلى 日本", "num": "12.50", "int": "42",
    "html": "<p class=\"x\">Tom & 'Jerry' &amp; <b>co</b></p>", "t": True, "no": False, "nul": None,
    "date": "2016-03-14 10:09:08", "csv": "b,a,,c,,", "a": [3, 1, 2], "words": ["pear", "Apple", "fig", "apple"],
    "mixed": [1, "1", 1.0, None, True, [2, [3]]], "empty": [], "h": {"b": 1, "a": {"c": [1, 2]}, "size": 9},
    "o": {}, "people": [{"name": "Zoë", "age": 30, "ok": True}, {"name": "bob", "age": 4.5, "ok": False},
                        {"name": "Al", "ok": None}],
    "nested": [[1, 2], [3, [4, "x"]], []], "key": "name",
}
PARTIALS = {
    "row": "[{{ row }}{{ n }}{% assign n = 99 %}{% increment c %}]",
    "item": "<{{ item.name }}|{{ forloop.index }}|{{ x }}>",
    "loop": "{% for q in a %}{% if q == 1 %}{% break %}{% endif %}{{ q }}{% endfor %}",
    "stop": "x{% break %}y",
}
NAMES = [k for k in DATA]
PATHS = ["h.a", "h.b", "h.a.c", "h.size", "h.first", "a.first", "a.last", "a.size", "s.size", "people[0].name",
         "people.first.age", "people[-1].name", "people[key]", "h['a']", "mixed[5][1]", "nested[1]", "missing",
         "missing.x", "a[9]", "s[0]", "h[key]", "o.size", "(1..3)", "(n..9)", "(f..5)", "empty.first", "forloop.index",
         "e.size", "people[0]['name']", "i", "x", "forloop.last", "forloop.parentloop.index"]
LITERALS = ["1", "-2", "0", "3.0", "-1.5", "0.1", "'x'", "\"a b\"", "''", "' '", "nil", "true", "false", "blank",
            "empty", "'name'", "'age'", "'3'", "'2.5'", "','", "'a'", "2", "10", "100"]
FILTERS = {
    "abs": 0, "append": 1, "at_least": 1, "at_most": 1, "base64_decode": 0, "base64_encode": 0,
    "base64_url_safe_encode": 0, "capitalize": 0, "ceil": 0, "compact": 0, "concat": 1, "date": 1, "default": 1,
    "divided_by": 1, "downcase": 0, "escape": 0, "escape_once": 0, "first": 0, "floor": 0, "join": 1, "last": 0,
    "lstrip": 0, "map": 1, "minus": 1, "modulo": 1, "newline_to_br": 0, "plus": 1, "prepend": 1, "remove": 1,
    "remove_first": 1, "remove_last": 1, "replace": 2, "replace_first": 2, "replace_last": 2, "reverse": 0,
    "round": 1, "rstrip": 0, "size": 0, "slice": 2, "sort": 1, "sort_natural": 1, "split": 1, "strip": 0,
    "strip_html": 0, "strip_newlines": 0, "times": 1, "truncate": 2, "truncatewords": 2, "uniq": 1, "upcase": 0,
    "url_decode": 0, "url_encode": 0, "where": 2,
}
FORMATS = ["'%Y-%m-%d'", "'%a %e %b %y %l:%M %p'", "'%j %U %W %V %G %u %w'", "'%H%%%-d%_m%^B%#Z'", "'%s %L %3N %z %:z'",
           "'%c|%D|%F|%T|%R|%r|%x|%X|%v|%+'", "'%10Y%-H%010d%q'", "'%C %y %I %P %k %h'"]
DATES = ["'March 14, 2016'", "'14 Mar 2016 3pm'", "'2016-03-14T10:09:08Z'", "'2016-03-14T10:09:08.25+02:00'", "'2016/03/04'",
         "'Mon, 14 Mar 2016 10:00:00 -0500'", "1152098955", "'1152098955'", "'20160314'", "'2016-03'", "'hello'", "date",
         "'03/04/2016'", "'14.03.2016'", "'Mar 2016'", "0", "-1", "'2016-02-30'", "'12:30 2016-01-02'"]
REASONS = [
    ("5.4 does not know blank without ActiveSupport", lambda c, r, o: "blank" in c["template"]),
    ("5.4 leaves first and last of a text out",
     lambda c, r, o: re.search(r"\| (first|last)\b|\.(first|last)\b", c["template"])),
    ("5.4 sorts what has no key backwards", lambda c, r, o: "sort_natural" in c["template"]),
    ("5.4 has no break and continue in tablerow", lambda c, r, o: "tablerow" in c["template"]),
    ("5.4 keeps decoded base64 as bytes, which no text can take", lambda c, r, o: "base64_decode" in c["template"]),
    ("the reference fails within when it rounds to that many digits", lambda c, r, o: "error: internal" in (r or "")),
    ("integers saturate here, the reference's grow", lambda c, r, o: re.search(r"\d{19}", r or "")),
]


class Grammar:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def value(self):
        return self.r.choice(self.r.choices([NAMES, PATHS, LITERALS], [4, 3, 3])[0])

    def chain(self, most=3):
        r = self.r
        if r.random() < 0.06:
            return f"{r.choice(DATES)} | date: {r.choice(FORMATS)}"
        text = self.value()
        for _ in range(r.randint(0, most)):
            name = r.choice(list(FILTERS))
            count = FILTERS[name]
            if count and r.random() < 0.15:
                count += r.choice([-1, 1])
            args = ", ".join(self.value() for _ in range(count))
            text += f" | {name}" + (f": {args}" if count else "")
        return text

    def condition(self):
        r = self.r
        parts = []
        for _ in range(r.choice([1, 1, 1, 2, 3])):
            part = self.value()
            if r.random() < 0.7:
                part += f" {r.choice(['==', '!=', '<>', '<', '>', '<=', '>=', 'contains'])} {self.value()}"
            parts.append(part)
        text = parts[0]
        for part in parts[1:]:
            text += f" {r.choice(['and', 'or'])} {part}"
        return text

    def tag(self, body):
        return f"{{%{self.r.choice(['', '', '', '-'])} {body} {self.r.choice(['', '', '', '-'])}%}}"

    def block(self, depth):
        return "".join(self.node(depth) for _ in range(self.r.randint(0, 3)))

    def node(self, depth):
        r = self.r
        kind = r.randint(0, 21 if depth > 0 else 6)
        if kind <= 1:
            return r.choice([" ", "\n", "text ", " é\t", "{ ", "}", " % "])
        if kind <= 4:
            dash = r.choice(["", "", "", "-"])
            return f"{{{{{dash} {self.chain()} {dash}}}}}"
        if kind == 5:
            return self.tag(f"assign {r.choice(['x', 'n', 'y', 'i'])} = {self.chain()}")
        if kind == 6:
            return self.tag(r.choice(["increment c", "decrement c", "increment n", "cycle 'a', 'b'", "cycle 'g': 1, 2, n",
                                      "break", "continue", "# note", "echo " + self.chain(), "cycle n: 'x', s"]))
        body = self.block(depth - 1)
        if kind <= 9:
            middle = ""
            for _ in range(r.choice([0, 0, 1, 2])):
                middle += self.tag(f"elsif {self.condition()}") + self.block(depth - 1)
            if r.random() < 0.5:
                middle += self.tag("else") + self.block(depth - 1)
            name = r.choice(["if", "if", "unless"])
            return self.tag(f"{name} {self.condition()}") + body + middle + self.tag("end" + name)
        if kind <= 13:
            options = r.choice(["", "", " reversed", " limit: 2", " offset: 1", " limit: n offset: 1", " offset: continue",
                                " reversed limit: 2", " limit: f", " offset: nul", " limit: '2'"])
            other = self.tag("else") + self.block(depth - 1) if r.random() < 0.3 else ""
            return self.tag(f"for {r.choice(['i', 'q', 'x'])} in {self.value()}{options}") + body + other + self.tag("endfor")
        if kind <= 15:
            whens = "".join(self.tag(f"when {', '.join(self.value() for _ in range(r.randint(1, 2)))}") + self.block(depth - 1)
                            for _ in range(r.randint(1, 2)))
            other = self.tag("else") + self.block(depth - 1) if r.random() < 0.5 else ""
            return self.tag(f"case {self.value()}") + whens + other + self.tag("endcase")
        if kind == 16:
            return self.tag(f"capture {r.choice(['x', 'y'])}") + body + self.tag("endcapture")
        if kind == 17:
            return self.tag(f"tablerow q in {self.value()}{r.choice(['', ' cols: 2', ' cols: 2 limit: 3', ' offset: 1'])}") \
                + body + self.tag("endtablerow")
        if kind == 18:
            return self.tag("ifchanged") + body + self.tag("endifchanged")
        if kind == 19:
            return self.tag(r.choice(["include 'row'", "include 'row' with s", "include 'item', x: n", "render 'row'",
                                      "render 'item' with people[0]", "render 'item' for people, x: f", "include 'loop'",
                                      "render 'row', n: 5, row: s", "include 'item' for people", "include 'stop'",
                                      "render 'item' for people as item", "render 'stop'", "include missing"]))
        if kind == 20:
            return "{% raw %}{{ x }}{% y %}{% endraw %}"
        return self.tag("comment") + body + self.tag("endcomment")

    def template(self):
        return "".join(self.node(3) for _ in range(self.r.randint(1, 4)))


def run(command, lines):
    done = subprocess.run(command, input=lines, capture_output=True, encoding="utf-8", errors="replace", env={**os.environ, "TZ": "UTC"}, check=False)
    if done.returncode != 0:
        sys.exit(f"{command[0]}: {done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("renderer")
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=10)
    args = parser.parse_args()
    grammar = Grammar(args.seed)
    cases = [{"template": grammar.template(), "data": DATA, "templates": PARTIALS} for _ in range(args.count)]
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    ours = run([args.renderer], lines)
    theirs = run(["ruby", os.path.join(os.path.dirname(os.path.abspath(__file__)), "reference.rb")], lines)
    explained = collections.Counter()
    shown = different = 0
    for case, our, their in zip(cases, ours, theirs, strict=True):
        if our == their:
            continue
        reason = next((name for name, test in REASONS if test(case, their, our)), None)
        if reason:
            explained[reason] += 1
            continue
        different += 1
        if shown < args.show:
            shown += 1
            print(f"{case['template']!r}\n  reference {their!r}\n  here      {our!r}")
    for name, count in explained.most_common():
        print(f"{count:6} {name}")
    print(f"{args.count} templates, {different} unexplained differences")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
