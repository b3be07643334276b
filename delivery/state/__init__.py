"""Where Terraform's state is kept, whose it is, and who holds its lock."""
