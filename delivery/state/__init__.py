"""What lies beside a Terraform state: who owns the stack, who holds its lock, and what could not be written to it."""
