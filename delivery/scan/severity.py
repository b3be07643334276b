"""How grave a finding is, in the words of ECR and Amazon Inspector."""

# Gravest first; https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanFinding.html (2026-11-26)
RANKED = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL")
SEVERITIES = (*RANKED, "UNDEFINED")


def stops(severity: str, block_severity: str) -> bool:
    """Whether a finding of this severity stops a deployment that is to stop at `block_severity` (one of SEVERITIES).

    UNDEFINED (the source gave no priority, or one that ECR does not know), UNTRIAGED of Amazon Inspector and every
    other word say nothing about how grave a finding is, so it stops the deployment at any setting.
    Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-troubleshooting.html (2026-11-26)
    """
    return severity not in RANKED or SEVERITIES.index(severity) <= SEVERITIES.index(block_severity)
