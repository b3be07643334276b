"""What reports share, whatever they report: text that cannot break out of where it is put."""
