"""Rules about storage: buckets, above all those that hold logs."""
