#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the example, does on its shop page what a visitor does, and waits for her own e-mail.

  shop_page_test.py FRESHET EXAMPLE [SPEED]   SPEED: of the shop's clock; 60 is the example's own
"""
import contextlib
import email
import email.policy
import html.parser
import http.client
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
from waiting import free_port, wait_for

SPEED = float(sys.argv.pop(3)) if len(sys.argv) > 3 else 60
EXAMPLE = pathlib.Path(sys.argv.pop(2))
FRESHET = sys.argv.pop(1)
WAIT = 30 * 60  # seconds of the shop's clock a basket must be left alone


class Lists(html.parser.HTMLParser):
    """The JSON that the page carries, by the id of its script element."""

    def __init__(self, text):
        super().__init__()
        self.name, self.texts = None, {}
        self.feed(text)
        self.found = {name: json.loads(words) for name, words in self.texts.items()}

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.name = given.get("id") if tag == "script" and given.get("type") == "application/json" else None

    def handle_endtag(self, tag):
        self.name = None

    def handle_data(self, data):
        if self.name:
            self.texts[self.name] = self.texts.get(self.name, "") + data


class ShopPageTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="freshet-shop."))
        self.addCleanup(shutil.rmtree, self.folder)
        self.project = self.folder / "abandoned-basket"
        shutil.copytree(EXAMPLE, self.project, ignore=shutil.ignore_patterns("outbox"))
        self.port = free_port()
        self.process = subprocess.Popen(
            [FRESHET, "run", str(self.project), "--state", str(self.folder / "state"), "--format", "json",
             "--set", f"your-website.listen=127.0.0.1:{self.port}", "--set", f"shop-visitors.speed={SPEED:g}"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        self.addCleanup(self.stop)
        self.assertTrue(wait_for(self.page, 30), "the page does not come up")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=60)

    def page(self):
        try:
            return self.ask("GET", "/shop")
        except OSError:
            return None

    def ask(self, method, path, body=None):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            reply = connection.getresponse()
            self.assertEqual(reply.status, 200, path)
            return reply.read().decode()

    def track(self, person, event, properties):
        """What the page's track() posts."""
        self.sent = getattr(self, "sent", 0) + 1
        self.ask("POST", "/v1/track", json.dumps({
            "event": event, "userId": person["id"], "messageId": f"page-{time.time_ns()}-{self.sent}",
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()), "properties": properties,
            "context": {"page": {"url": f"http://127.0.0.1:{self.port}/shop"}, "userAgent": "test"}}))

    def put(self, person, product):
        language = person.get("language", "en")
        self.track(person, "add_to_cart", {
            "product_id": product["id"], "name": product["name"][language], "variant": product["blurb"][language],
            "picture": product["picture"], "price": product["price"], "quantity": 1, "currency": "EUR"})

    def emails_to(self, address):
        found = []
        for path in sorted((self.project / "outbox").glob("*.eml")):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if address in message["To"]:
                found.append(message)
        return found

    def test_a_basket_left_on_the_page_makes_her_own_email(self):
        lists = Lists(self.page()).found
        people, products = lists["people-list"], lists["product-list"]
        with open(self.project / "shop/people.ndjson", encoding="utf-8") as lines:
            profiles = {person["id"]: person for person in map(json.loads, lines)}
        self.assertGreater(len(people), 1)
        leaves, buys = people[0], people[1]
        for person in people:
            self.assertTrue(profiles[person["id"]]["consent"]["email"], "a guest would get no email")
        self.track(leaves, "page_view", {"product_id": products[0]["id"]})
        self.put(leaves, products[0])
        self.put(leaves, products[3])
        self.put(buys, products[1])
        self.track(buys, "purchase", {"order_id": "page-1", "products": [], "total": 1, "currency": "EUR"})
        left = time.monotonic()
        address = profiles[leaves["id"]]["email"]
        found = wait_for(lambda: self.emails_to(address), 120)
        seconds = time.monotonic() - left
        self.assertTrue(found, "no email came")
        print(f"her email came {seconds:.1f} s after she left; the shop's clock ran {SPEED:g} times as fast", flush=True)
        self.assertGreaterEqual(seconds, 0.95 * WAIT / SPEED)
        self.assertEqual(len(found), 1)
        text = found[0].get_body(("html",)).get_content()
        language = leaves.get("language", "en")
        self.assertIn(profiles[leaves["id"]]["first_name"], text)
        for product in (products[0], products[3]):
            self.assertIn(product["name"][language], text)
        self.assertNotIn(products[1]["name"][language], text)
        # By now the other basket would be due as well; it was bought.
        self.assertEqual(self.emails_to(profiles[buys["id"]]["email"]), [])


if __name__ == "__main__":
    unittest.main()
