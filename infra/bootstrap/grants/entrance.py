"""Load balancer, certificate, DNS, and the bucket of the access logs: what leads to the microservices."""

from infra.bootstrap.reach import Reach, actions
from infra.policy import Statement, allow

BALANCERS = (
    "AddTags CreateListener CreateLoadBalancer CreateRule CreateTargetGroup DeleteListener DeleteLoadBalancer "
    "DeleteRule DeleteTargetGroup ModifyListener ModifyListenerAttributes ModifyLoadBalancerAttributes ModifyRule "
    "ModifyTargetGroup ModifyTargetGroupAttributes RemoveTags SetIpAddressType SetRulePriorities SetSecurityGroups "
    "SetSubnets"
)
CERTIFICATES = (
    "AddTagsToCertificate DeleteCertificate DescribeCertificate ListTagsForCertificate RemoveTagsFromCertificate"
)
RECORDS = "ChangeResourceRecordSets GetHostedZone ListResourceRecordSets"
BUCKETS = (
    "CreateBucket DeleteBucket DeleteBucketPolicy GetAccelerateConfiguration GetBucketAcl GetBucketCORS "
    "GetBucketLogging GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy "
    "GetBucketPublicAccessBlock GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite "
    "GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration ListBucket ListBucketVersions "
    "PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock PutBucketTagging "
    "PutEncryptionConfiguration PutLifecycleConfiguration"
)


def statements(reach: Reach) -> list[Statement]:
    """By name; certificates by tag, records by their zone.

    Cloud Map makes and deletes the private zone of a namespace with the rights of whoever asks it to. AWS names no
    condition by which DeleteHostedZone could be held to those; a zone that still has records it refuses to delete.
    Source: https://docs.aws.amazon.com/cloud-map/latest/dg/access-control-managing-permissions.html (2026-11-26)
    """
    balancer = "app/alb*-{suffix}/*"
    balancers = [f"{kind}/{balancer}" for kind in ("loadbalancer", "listener", "listener-rule")]
    certificates = [reach.arn("acm", "certificate/*")]
    zones = [reach.everywhere("route53", f"hostedzone/{zone}") for zone in reach.deploys.hosted_zones]
    buckets = [
        reach.everywhere("s3", name) for name in reach.suffixed(f"s3-bucket-access-logs-{reach.account_id}*-{{suffix}}")
    ]
    private = {"Null": {"route53:VPCs": "false"}}
    found = [
        allow(
            "LoadBalancers", actions("elasticloadbalancing", BALANCERS),
            reach.named("elasticloadbalancing", *balancers, "targetgroup/tg-*-{suffix}/*"),
        ),
        allow("NewCertificate", actions("acm", "RequestCertificate"), ["*"], Condition=reach.asking()),
        allow("TagNewCertificate", actions("acm", "AddTagsToCertificate"), certificates, Condition=reach.untagged()),
        allow("Certificates", actions("acm", CERTIFICATES), certificates, Condition=reach.tagged()),
        allow("NewZonesOfNamespaces", actions("route53", "CreateHostedZone"), ["*"], Condition=private),
        allow("ZonesOfNamespaces", actions("route53", "DeleteHostedZone GetHostedZone"),
              [reach.everywhere("route53", "hostedzone/*")]),
        allow("Buckets", actions("s3", BUCKETS), buckets),
        allow("EmptyBuckets", actions("s3", "DeleteObject DeleteObjectVersion"), [f"{bucket}/*" for bucket in buckets]),
    ]  # fmt: skip
    return [*found, *([allow("Records", actions("route53", RECORDS), zones)] if zones else [])]
