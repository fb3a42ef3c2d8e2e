#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the example's pictures into images/: twelve products and two marks of the shop.

Needs python3-cairo and fonts-inter. A product is drawn on a 96 unit square and written at twice that size, because an e-mail shows it
96 pixels wide on screens that have two dots a pixel. Corners are cut here: not every mail program rounds a picture.
"""
import sys
from pathlib import Path

from picture_brush import Brush
from picture_products import PRODUCTS

IMAGES = Path(__file__).resolve().parents[1] / "examples/abandoned-basket/images"
PINE = "#22382F"
BAND_INK = "#1F5A41"


def product(target, backdrop, floor, draw):
    brush = Brush(96, 96, scale=2)
    brush.clip_round(0, 0, 96, 96, 8)
    brush.rect(0, 0, 96, 96, backdrop)
    brush.rect(0, 70, 96, 26, floor)
    draw(brush)
    brush.save(target)


def wordmark(target):
    """A tuft of marram grass and the name, 108 × 28, in the bold of the interface."""
    brush = Brush(108, 28, scale=3)
    brush.line([(11, 26), (11, 14)], PINE, 2.2)
    brush.curve([(11, 17), (11, 11), (8, 8), (3.6, 6.4)], PINE, 2.2)
    brush.curve([(11, 20), (11, 12.5), (12.2, 7), (13.8, 2.8)], PINE, 2.2)
    brush.curve([(11, 22), (12, 16), (15, 12.6), (19.4, 11)], PINE, 2.2)
    brush.text(27, 20.5, "marram", "Inter", 19, PINE)
    brush.save(target)


def truck(target):
    """20 × 20, for the line that offers free delivery."""
    brush = Brush(20, 20, scale=3)
    ink, pen = BAND_INK, 1.6
    brush.line([(4.4, 14.6), (2.2, 14.6), (2.2, 4.6), (12.2, 4.6), (12.2, 14.6), (8.4, 14.6)], ink, pen)
    brush.line([(12.2, 8.0), (15.4, 8.0), (18.0, 10.8), (18.0, 14.6), (17.0, 14.6)], ink, pen)
    brush.line([(13.0, 14.6), (12.2, 14.6)], ink, pen)
    brush.ring(6.4, 15.0, 1.9, ink, pen)
    brush.ring(15.0, 15.0, 1.9, ink, pen)
    brush.save(target)


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    for name, (backdrop, floor, draw) in PRODUCTS.items():
        product(folder / f"{name}.png", backdrop, floor, draw)
    wordmark(folder / "wordmark.png")
    truck(folder / "truck.png")


if __name__ == "__main__":
    main()
