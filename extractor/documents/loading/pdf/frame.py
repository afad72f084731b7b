"""Page coordinates: from a PDF's own (origin bottom left, unrotated) to those in which a page is read.

The *displayed* page is what a viewer shows, measured from its top left corner. It is also the *reading* frame,
unless the page prints its text sideways (a wide table on an upright page).
"""

from dataclasses import dataclass

from extractor.documents.loaded import Box


@dataclass(frozen=True)
class Frame:
    """One page's visible box in PDF coordinates, how a viewer turns it, and how a reader turns it.

    Turns are quarter turns clockwise from the unrotated page.
    """

    left: float
    bottom: float
    right: float
    top: float
    shown: int = 0
    read: int = 0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page as displayed."""
        size = (self.right - self.left, self.top - self.bottom)
        return size if self.shown % 2 == 0 else size[::-1]

    def reading(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box in PDF coordinates as left, top, right, bottom of the reading frame."""
        if self.read == 0:
            return left - self.left, self.top - top, right - self.left, self.top - bottom
        if self.read == 1:
            return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
        if self.read == 2:
            return self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        return self.top - top, self.right - right, self.top - bottom, self.right - left

    def displayed(self, box: Box) -> Box:
        """A box of the reading frame as a box of the displayed page."""
        extra = (self.read - self.shown) % 4
        if extra == 0:
            return box
        x0, y0, x1, y1 = box
        width, height = self.size
        if extra == 1:
            return y0, height - x1, y1, height - x0
        if extra == 2:
            return width - x1, height - y1, width - x0, height - y0
        return width - y1, x0, width - y0, x1
