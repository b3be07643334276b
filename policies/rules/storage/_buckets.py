"""What belongs to a bucket although it is declared beside it."""

from policies.graph import Graph, Resource
from policies.graph.iam import Statement, statements

BUCKET = "aws_s3_bucket"
ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration"


def beside(bucket: Resource, kind: str, graph: Graph) -> tuple[Resource, ...]:
    """The resources of a type that configure the bucket; with several the last write wins, and nobody knows which."""
    return graph.referrers(bucket, kind, "bucket")


def algorithms(bucket: Resource, graph: Graph) -> tuple[str, ...]:
    """The default encryption of the bucket by every resource or block that states one; "" where one does not."""
    blocks = [rule for item in beside(bucket, ENCRYPTION, graph) for rule in item.blocks("rule")]
    if not blocks and (inline := bucket.block("server_side_encryption_configuration")):
        blocks = list(inline.blocks("rule"))
    return tuple(block.text("apply_server_side_encryption_by_default.sse_algorithm") or "" for block in blocks)


def policy_statements(bucket: Resource, graph: Graph) -> tuple[Statement, ...]:
    """The statements of every policy of the bucket."""
    holders = beside(bucket, "aws_s3_bucket_policy", graph) or (bucket,)
    return tuple(item for holder in holders for item in statements(holder, "policy", graph))
