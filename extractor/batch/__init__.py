"""Durable jobs over many files, on one machine or many; the engine under them is DBOS."""
