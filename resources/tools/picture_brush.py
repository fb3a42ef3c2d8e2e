# SPDX-License-Identifier: GPL-3.0-or-later
"""The few shapes that the example's pictures are made of, on top of cairo."""
import math

import cairo


def rgba(colour, alpha=1.0):
    return tuple(int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)) + (alpha,)


class Brush:
    """Draws in units; one unit is `scale` pixels of the saved picture."""

    def __init__(self, width, height, scale):
        self.surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, width * scale, height * scale)
        self.context = cairo.Context(self.surface)
        self.context.scale(scale, scale)
        self.context.set_line_cap(cairo.LINE_CAP_ROUND)
        self.context.set_line_join(cairo.LINE_JOIN_ROUND)

    def save(self, path):
        self.surface.write_to_png(str(path))

    def _fill(self, colour, alpha):
        self.context.set_source_rgba(*rgba(colour, alpha))
        self.context.fill()

    def _stroke(self, colour, width, alpha):
        self.context.set_source_rgba(*rgba(colour, alpha))
        self.context.set_line_width(width)
        self.context.stroke()

    def _round_path(self, x, y, width, height, radius):
        """`radius` is one number, or four: top left, top right, bottom right, bottom left."""
        corners = radius if isinstance(radius, tuple) else (radius,) * 4
        centres = [
            (x + corners[0], y + corners[0], math.pi),
            (x + width - corners[1], y + corners[1], -math.pi / 2),
            (x + width - corners[2], y + height - corners[2], 0.0),
            (x + corners[3], y + height - corners[3], math.pi / 2),
        ]
        self.context.new_sub_path()
        for (cx, cy, start), r in zip(centres, corners):
            self.context.arc(cx, cy, r, start, start + math.pi / 2)
        self.context.close_path()

    def clip_round(self, x, y, width, height, radius):
        self._round_path(x, y, width, height, radius)
        self.context.clip()

    def rect(self, x, y, width, height, colour, alpha=1.0):
        self.context.rectangle(x, y, width, height)
        self._fill(colour, alpha)

    def round(self, x, y, width, height, radius, colour, alpha=1.0):
        self._round_path(x, y, width, height, radius)
        self._fill(colour, alpha)

    def ellipse(self, cx, cy, rx, ry, colour, alpha=1.0):
        self.context.save()
        self.context.translate(cx, cy)
        self.context.scale(rx, ry)
        self.context.new_sub_path()
        self.context.arc(0, 0, 1, 0, 2 * math.pi)
        self.context.restore()
        self._fill(colour, alpha)

    def circle(self, cx, cy, radius, colour, alpha=1.0):
        self.ellipse(cx, cy, radius, radius, colour, alpha)

    def ring(self, cx, cy, radius, colour, width, alpha=1.0):
        self.context.new_sub_path()
        self.context.arc(cx, cy, radius, 0, 2 * math.pi)
        self._stroke(colour, width, alpha)

    def line(self, points, colour, width, alpha=1.0):
        self.context.move_to(*points[0])
        for point in points[1:]:
            self.context.line_to(*point)
        self._stroke(colour, width, alpha)

    def curve(self, points, colour, width, alpha=1.0):
        """A stroke through one start point and one or more triples of Bézier points."""
        self._curve_path(points)
        self._stroke(colour, width, alpha)

    def shape(self, points, colour, alpha=1.0):
        """A filled outline: one start point and triples of Bézier points."""
        self._curve_path(points)
        self.context.close_path()
        self._fill(colour, alpha)

    def polygon(self, points, colour, alpha=1.0):
        self.context.move_to(*points[0])
        for point in points[1:]:
            self.context.line_to(*point)
        self.context.close_path()
        self._fill(colour, alpha)

    def text(self, x, base, words, family, size, colour, alpha=1.0):
        self.context.select_font_face(family, cairo.FONT_SLANT_NORMAL, cairo.FONT_WEIGHT_BOLD)
        self.context.set_font_size(size)
        self.context.move_to(x, base)
        self.context.text_path(words)
        self._fill(colour, alpha)

    def leaf(self, base, tip, bulge, colour, alpha=1.0):
        """A pointed leaf between two points; `bulge` is its half width."""
        (bx, by), (tx, ty) = base, tip
        dx, dy = tx - bx, ty - by
        length = math.hypot(dx, dy)
        nx, ny = -dy / length * bulge * 1.4, dx / length * bulge * 1.4
        near, far = (bx + dx * 0.3, by + dy * 0.3), (bx + dx * 0.75, by + dy * 0.75)
        self.shape([base, (near[0] + nx, near[1] + ny), (far[0] + nx, far[1] + ny), tip,
                    (far[0] - nx, far[1] - ny), (near[0] - nx, near[1] - ny), base], colour, alpha)

    def _curve_path(self, points):
        self.context.move_to(*points[0])
        for i in range(1, len(points), 3):
            self.context.curve_to(*points[i], *points[i + 1], *points[i + 2])
