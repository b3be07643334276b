"""The workflows of the repository on this machine, step by step, with the emulator as the account."""
