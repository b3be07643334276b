"""Dated facts about AWS that rules need and no stack states: IAM actions, and what the provider's types accept.

`python -m policies.reference.refresh` makes the JSON files here; nothing reads them before a rule asks.
"""
