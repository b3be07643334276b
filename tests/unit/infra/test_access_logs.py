"""The bucket of the load balancer's access logs: private, encrypted, TLS only, emptied by age."""

from tests.unit.infra.damage import add, change, drop, red_when
from tests.unit.infra.stack import Stack, only, statements

ACCOUNT = "${data.aws_caller_identity.current.account_id}"
BUCKET = "${aws_s3_bucket.access-logs.arn}"
POLICY = "aws_s3_bucket_policy/access-logs/policy/Statement"


@red_when(
    change("aws_lb/public/access_logs/enabled", False),
    drop("aws_lb/public/access_logs"),
    change("aws_lb/public/access_logs/bucket", "another"),
)
def test_the_load_balancer_writes_access_logs_to_the_bucket(stack: Stack) -> None:
    logs = stack.one("aws_lb").get("access_logs", {})
    assert logs.get("enabled") is True
    stack.target(logs["bucket"], "aws_s3_bucket", "bucket")


@red_when(
    change("aws_s3_bucket_public_access_block/access-logs/block_public_acls", False),
    drop("aws_s3_bucket_public_access_block/access-logs/restrict_public_buckets"),
    change("aws_s3_bucket_public_access_block/access-logs/bucket", "another"),
    change("aws_s3_bucket_ownership_controls/access-logs/rule/object_ownership", "ObjectWriter"),
)
def test_the_bucket_is_closed_to_the_public(stack: Stack) -> None:
    block = stack.one("aws_s3_bucket_public_access_block")
    stack.target(block["bucket"], "aws_s3_bucket", "id")
    switches = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
    assert [block.get(switch) for switch in switches] == [True] * 4
    controls = stack.one("aws_s3_bucket_ownership_controls")
    stack.target(controls["bucket"], "aws_s3_bucket", "id")
    assert controls["rule"] == {"object_ownership": "BucketOwnerEnforced"}


@red_when(
    change(
        "aws_s3_bucket_server_side_encryption_configuration/access-logs/rule/0/"
        "apply_server_side_encryption_by_default/sse_algorithm",
        "aws:kms",
    ),
    change("aws_s3_bucket_server_side_encryption_configuration/access-logs/bucket", "another"),
)
def test_the_bucket_is_encrypted_with_the_keys_that_load_balancers_can_use(stack: Stack) -> None:
    encryption = stack.one("aws_s3_bucket_server_side_encryption_configuration")
    stack.target(encryption["bucket"], "aws_s3_bucket", "id")
    rule = only(encryption["rule"])
    assert rule == {"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}


@red_when(
    change("aws_s3_bucket_lifecycle_configuration/access-logs/rule/0/status", "Disabled"),
    change("aws_s3_bucket_lifecycle_configuration/access-logs/rule/0/expiration/0/days", 365),
    change("aws_s3_bucket_lifecycle_configuration/access-logs/rule/0/filter/0/prefix", "other/"),
)
def test_access_logs_are_deleted_after_30_days(stack: Stack) -> None:
    lifecycle = stack.one("aws_s3_bucket_lifecycle_configuration")
    stack.target(lifecycle["bucket"], "aws_s3_bucket", "id")
    rule = only(lifecycle["rule"])
    assert rule["status"] == "Enabled"
    assert rule["expiration"] == [{"days": 30}]
    assert rule["filter"] == [{"prefix": ""}], "every object: the bucket holds nothing but access logs"


@red_when(
    change(f"{POLICY}/0/Principal", "*"),
    change(f"{POLICY}/0/Principal", {"Service": "elasticloadbalancing.amazonaws.com"}),
    change(f"{POLICY}/0/Action", ["s3:*"]),
    change(f"{POLICY}/0/Resource", [f"{BUCKET}/*"]),
    drop(f"{POLICY}/0/Condition"),
    add(f"{POLICY}/+", {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{BUCKET}/*"}),
    change("aws_s3_bucket_policy/access-logs/bucket", "another"),
)
def test_only_load_balancers_of_this_account_may_write_and_nobody_may_read(stack: Stack) -> None:
    policy = stack.one("aws_s3_bucket_policy")
    stack.target(policy["bucket"], "aws_s3_bucket", "id")
    allowed = [entry for entry in statements(policy["policy"]) if entry["Effect"] == "Allow"]
    assert len(allowed) == 1
    assert allowed[0]["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    assert allowed[0]["Action"] == ["s3:PutObject"]
    assert allowed[0]["Resource"] == [f"{BUCKET}/alb/AWSLogs/{ACCOUNT}/*"]
    partition = "${data.aws_partition.partition.partition}"
    source = f"arn:{partition}:elasticloadbalancing:us-east-1:{ACCOUNT}:loadbalancer/*"
    assert allowed[0].get("Condition") == {"ArnLike": {"aws:SourceArn": source}}


@red_when(
    drop(f"{POLICY}/1"),
    change(f"{POLICY}/1/Effect", "Allow"),
    change(f"{POLICY}/1/Resource", [BUCKET]),
    change(f"{POLICY}/1/Condition/Bool/aws:SecureTransport", "true"),
)
def test_the_bucket_refuses_plain_http(stack: Stack) -> None:
    denied = [entry for entry in statements(stack.one("aws_s3_bucket_policy")["policy"]) if entry["Effect"] == "Deny"]
    assert len(denied) == 1
    assert denied[0]["Principal"] == "*"
    assert denied[0]["Action"] == ["s3:*"]
    assert sorted(denied[0]["Resource"]) == [BUCKET, f"{BUCKET}/*"]
    assert denied[0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
