"""The shapes of everything gouji writes: quantities, records, checks, findings, extractions. No I/O here."""
