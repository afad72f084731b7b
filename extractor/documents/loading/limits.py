"""How large a file may be. Beyond these a file is refused with a sentence, before it costs memory or time.

The largest disclosures known have some 600 pages and 2 million characters; each limit leaves a wide margin.
"""

FILE_BYTES = 200 * 2**20
"""A larger file is refused before any of it is read."""

UNPACKED_BYTES = 400 * 2**20
"""What a DOCX or XLSX file may unpack to in all."""

PACKING_RATIO = 400
"""How far one part of such a file may expand: XML of real documents packs 5 to 40 times."""

PAGES = 5_000
"""Pages of a PDF, sheets of a workbook."""

TEXT_CHARACTERS = 20_000_000
"""Length of the loaded text."""

TABLE_CELLS = 2_000_000
"""Cells of one sheet, also counting the empty ones between its filled cells."""
