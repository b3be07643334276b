"""What AWS is asked for, one file per part of a stack; each holds its kinds as a tuple `KINDS`."""
