"""gouji: structured, cross-checked records from Chinese department budgets and final accounts."""
