"""A destroy that left something is seen, whatever it left; what was there before is not blamed on it."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from delivery.sandbox.leftovers import ALLOWED, find_leftovers
from delivery.sandbox.prerequisites import seed
from delivery.sweep.inventory import INVENTORY

TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)
ALARM = {
    "AlarmName": "a",
    "Namespace": "n",
    "MetricName": "m",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanThreshold",
}
DIMENSION = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}


def _environment(account: Any) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": account.endpoint,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "123456789012",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
    }


def _kinds(account: Any) -> set[tuple[str, str]]:
    return {(leftover.service, leftover.kind) for leftover in find_leftovers(_environment(account), [])}


def _make_network(account: Any) -> tuple[str, str, str]:
    ec2 = account.client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="172.31.0.0/24")["Vpc"]["VpcId"]
    subnet_ids = [
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"172.31.0.{start}/26", AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for start, zone in ((0, "us-east-1a"), (64, "us-east-1b"))
    ]
    ec2.create_internet_gateway()
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_nat_gateway(SubnetId=subnet_ids[0], AllocationId=address)
    ec2.create_vpc_endpoint(VpcId=vpc_id, ServiceName="com.amazonaws.us-east-1.s3")
    account.client("logs").create_log_group(logGroupName="g")
    role = account.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    ec2.create_flow_logs(
        ResourceIds=[vpc_id],
        ResourceType="VPC",
        TrafficType="ALL",
        LogGroupName="g",
        DeliverLogsPermissionArn=role,
    )
    balancing = account.client("elbv2")
    balancer = balancing.create_load_balancer(Name="b", Subnets=subnet_ids)["LoadBalancers"][0]["LoadBalancerArn"]
    group = balancing.create_target_group(Name="t", Protocol="HTTP", Port=80, VpcId=vpc_id)["TargetGroups"][0]
    action = {"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}
    balancing.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[action])
    return vpc_id, subnet_ids[0], role


def _make_containers(account: Any, subnet_id: str) -> None:
    ecs = account.client("ecs")
    ecs.create_cluster(clusterName="c")
    ecs.register_task_definition(
        family="f",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "n", "image": "i"}],
    )
    network = {"awsvpcConfiguration": {"subnets": [subnet_id], "securityGroups": []}}
    ecs.create_service(cluster="c", serviceName="s", desiredCount=1, taskDefinition="f", networkConfiguration=network)
    scaling = account.client("application-autoscaling")
    target = {**DIMENSION, "ResourceId": "service/c/s"}
    scaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=2)
    scaling.put_scaling_policy(
        **target,
        PolicyName="p",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={"TargetValue": 70.0},
    )
    registry = account.client("ecr")
    registry.create_repository(repositoryName="app")
    manifest = {"mediaType": "application/vnd.docker.distribution.manifest.v2+json", "layers": []}
    registry.put_image(repositoryName="app", imageManifest=json.dumps(manifest), imageTag="v1")


def _make_names(account: Any, vpc_id: str) -> None:
    discovery = account.client("servicediscovery")
    discovery.create_private_dns_namespace(Name="internal.example", Vpc=vpc_id)
    discovery.create_service(Name="s", NamespaceId=discovery.list_namespaces()["Namespaces"][0]["Id"])
    zones = account.client("route53")
    zone_id = zones.create_hosted_zone(Name="example.com", CallerReference="c")["HostedZone"]["Id"]
    record = {"Name": "a.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    changes = [{"Action": "CREATE", "ResourceRecordSet": record}]
    zones.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": changes})
    account.client("acm").request_certificate(DomainName="a.example.com", KeyAlgorithm="EC_prime256v1")


def _make_the_rest(account: Any, role: str) -> None:
    account.client("iam").create_policy(PolicyName="p", PolicyDocument=POLICY)
    account.client("iam").create_instance_profile(InstanceProfileName="p")
    account.client("cloudwatch").put_metric_alarm(**ALARM)
    account.client("cloudwatch").put_dashboard(DashboardName="d", DashboardBody=json.dumps({"widgets": []}))
    account.client("events").put_rule(Name="r", ScheduleExpression="rate(1 day)")
    account.client("sns").create_topic(Name="t")
    account.client("sqs").create_queue(QueueName="q")
    account.client("secretsmanager").create_secret(Name="s", SecretString="x")
    key_id = account.client("kms").create_key()["KeyMetadata"]["KeyId"]
    account.client("kms").create_alias(AliasName="alias/a", TargetKeyId=key_id)
    account.client("s3").create_bucket(Bucket="bucket-of-a-test")
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("m.py", "")
    account.client("lambda").create_function(
        FunctionName="f", Runtime="python3.11", Role=role, Handler="m.f", Code={"ZipFile": package.getvalue()}
    )


def test_an_untouched_account_has_no_leftovers(emulator: Any) -> None:
    assert find_leftovers(_environment(emulator), []) == []


def test_everything_that_can_be_made_is_found(emulator: Any) -> None:
    vpc_id, subnet_id, role = _make_network(emulator)
    _make_containers(emulator, subnet_id)
    _make_names(emulator, vpc_id)
    _make_the_rest(emulator, role)
    assert _kinds(emulator) == {(listing.service, listing.kind) for listing in INVENTORY}


def test_what_was_deleted_in_the_way_of_aws_is_gone(emulator: Any) -> None:
    """AWS keeps deleted clusters, services and task definitions to be looked at for a while."""
    _, subnet_id, _ = _make_network(emulator)
    _make_containers(emulator, subnet_id)
    ecs = emulator.client("ecs")
    ecs.delete_service(cluster="c", service="s", force=True)
    ecs.delete_cluster(cluster="c")
    ecs.deregister_task_definition(taskDefinition="f:1")
    assert not {kind for service, kind in _kinds(emulator) if service == "ecs"}


def test_what_was_seeded_is_not_left_over_also_when_it_was_read_back_from_json(emulator: Any, tmp_path: Path) -> None:
    file = tmp_path / "cdk.tf.json"
    image = "${data.aws_ecr_repository.a.repository_url}:v1"
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
    config = {
        "provider": {"aws": [{"region": "us-east-1"}]},
        "data": {"aws_ecr_repository": {"a": {"name": "apps/a"}}},
        "resource": {
            "aws_ecs_task_definition": {"a": {"container_definitions": json.dumps([{"image": image}])}},
            "aws_route53_record": {"a": {"zone_id": "Z1", "name": "a.example.com"}},
            "aws_lb_listener": {"a": {"certificate_arn": arn}},
        },
    }
    file.write_text(json.dumps(config))
    seeded = seed(file, emulator)
    assert find_leftovers(_environment(emulator), seeded) == []
    assert find_leftovers(_environment(emulator), json.loads(json.dumps(seeded))) == []
    assert len(find_leftovers(_environment(emulator), [])) == len(seeded) == 4


def test_a_key_that_waits_for_its_deletion_is_allowed_with_a_reason(emulator: Any) -> None:
    keys = emulator.client("kms")
    waiting = keys.create_key()["KeyMetadata"]["KeyId"]
    keys.schedule_key_deletion(KeyId=waiting, PendingWindowInDays=7)
    forgotten = keys.create_key()["KeyMetadata"]["KeyId"]
    found = {str(leftover): bool(leftover.allowed_because) for leftover in find_leftovers(_environment(emulator), [])}
    assert found == {f"kms key {waiting} PendingDeletion": True, f"kms key {forgotten} Enabled": False}


def test_every_allowance_is_for_a_kind_that_is_listed_and_has_a_reason() -> None:
    listed = {(listing.service, listing.kind) for listing in INVENTORY}
    assert all((allowance.service, allowance.kind) in listed for allowance in ALLOWED)
    assert all(allowance.reason for allowance in ALLOWED)


def test_an_emulator_that_is_gone_is_no_clean_account(unused_endpoint: Any) -> None:
    from botocore.exceptions import EndpointConnectionError

    with pytest.raises(EndpointConnectionError):
        find_leftovers(_environment(unused_endpoint), [])


def test_the_users_own_aws_settings_and_proxies_play_no_part(emulator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "company")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SNS", "http://127.0.0.1:1")
    assert find_leftovers(_environment(emulator), []) == []


def test_importing_the_scan_does_not_import_boto3() -> None:
    program = (
        "import sys, delivery.sandbox.leftovers, delivery.sandbox.prerequisites\n"
        "print(sorted({'boto3', 'botocore', 'jmespath', 'moto'} & set(sys.modules)))\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout.strip() == "[]"
