"""Rules about functions: what runs in them, where, for whom, and what it may do."""
