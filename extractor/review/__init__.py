"""The review queue: people settle what the checks flag, in a browser or through the HTTP API.

    tasks ← queue (who works on what) ← card (what is wrong, where it stands, what was read)
    edits → sheet (records corrected) → evaluating (checked again, live) → settling (verdict, settled version)

The reading is never changed. A document's settled version is the reading with the edits of all verdicts that
stand, in order; it is made again whenever one is added or taken back, so everything can be undone.
"""
