"""What the workflows of the repository need beside the deliveries: suffix, comment, issue, evidence, and a dry run."""
