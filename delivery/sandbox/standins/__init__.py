"""Stand-ins for what a stack talks to outside the platform: its database and its API provider, on loopback.

They start when a stack needs them and end with the emulator, however it ends.
"""


class StandInError(Exception):
    """A stand-in cannot be run; the message is for the user."""
