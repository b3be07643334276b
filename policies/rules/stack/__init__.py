"""Rules about every resource, whatever it is: what Terraform itself is told to do with it."""
