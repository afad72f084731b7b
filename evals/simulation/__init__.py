"""A simulated OpenAI-compatible server: answers from labels or rules, with seeded errors and failures."""
