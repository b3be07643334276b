"""What moto 5.2.5 lacks for these stacks, filled by small patches: one module per AWS service."""
