"""Rules about what a destroy takes away and what it leaves behind."""
