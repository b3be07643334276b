"""Rules about private names: who is registered under one, and who is told it."""
