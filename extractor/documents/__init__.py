"""From a file to what a reader needs: text with places, sections, quantities, tables."""
