"""Text from the settings that must reach AWS as it stands: Terraform would read `${` and `%{` in it as templates."""


def literal(text: str) -> str:
    """The text with Terraform's template markers escaped; IAM policy variables such as ${aws:username} survive."""
    return text.replace("${", "$${").replace("%{", "%%{")
