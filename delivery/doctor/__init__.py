"""Whether this machine and account have what the commands need, and how to get what is missing."""
