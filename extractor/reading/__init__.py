"""From sections to records: routing, the readers, and resolving what they answer."""
