"""The embedded AWS: an emulator on loopback that real Terraform and the real AWS provider deploy to."""
