"""Results of many documents in a database: SQLite with no server, or PostgreSQL.

The whole extraction of a document is stored once, as its JSON, compressed (22 kB of 140 kB on average, 3 ms to
pack, 10 ms to read back). Beside it stand rows for what is searched across documents: documents, versions, counts,
sections that went wrong, findings, review tasks, usage. Quantities and records as rows would triple the database
(some 450 rows a document) for questions that `gouji query` answers from Parquet; whoever opens one document wants
all of it at once.
"""
