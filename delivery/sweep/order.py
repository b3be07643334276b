"""How each kind of thing is deleted, and in which order: a table, first what depends on nothing that comes later."""

from collections.abc import Callable
from dataclasses import dataclass

from delivery.aws import Clients
from delivery.sweep.listing import Thing, ask

PENDING_DAYS = 7  # the least that KMS allows (API_ScheduleKeyDeletion, checked 2026-11-26)
S3_BATCH = 1000  # the most keys of one DeleteObjects (API_DeleteObjects)
ECS_TARGET = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}
Delete = Callable[[Clients, Thing], None]


@dataclass(frozen=True)
class Removal:
    """How one kind goes. delete: None where it goes with its whole. waits: what comes later needs it gone."""

    service: str
    kind: str
    delete: Delete | None
    waits: bool = False


def _call(service: str, operation: str, parameter: str) -> Delete:
    """One call that takes the id and nothing else."""

    def delete(client_of: Clients, thing: Thing) -> None:
        getattr(client_of(service), operation)(**{parameter: thing.id})

    return delete


def _ec2(operation: str, parameter: str) -> Delete:
    return _call("ec2", operation, parameter)


def _scalable_target(client_of: Clients, thing: Thing) -> None:
    client_of("application-autoscaling").deregister_scalable_target(**ECS_TARGET, ResourceId=thing.id)


def _scaling_policy(client_of: Clients, thing: Thing) -> None:
    resource = str(thing.said["within"][0])
    client_of("application-autoscaling").delete_scaling_policy(**ECS_TARGET, PolicyName=thing.name, ResourceId=resource)


def _ecs_service(client_of: Clients, thing: Thing) -> None:
    """To zero first, so that ECS starts no task while it deletes; `force` does not wait for those that run."""
    ecs, cluster = client_of("ecs"), thing.within[0]
    ecs.update_service(cluster=cluster, service=thing.id, desiredCount=0)
    ecs.delete_service(cluster=cluster, service=thing.id, force=True)


def _task(client_of: Clients, thing: Thing) -> None:
    client_of("ecs").stop_task(cluster=thing.within[0], task=thing.id, reason="paygate sweep")


def _internet_gateway(client_of: Clients, thing: Thing) -> None:
    ec2 = client_of("ec2")
    for vpc_id in thing.within:
        ec2.detach_internet_gateway(InternetGatewayId=thing.id, VpcId=vpc_id)
    ec2.delete_internet_gateway(InternetGatewayId=thing.id)


def _route_table(client_of: Clients, thing: Thing) -> None:
    ec2 = client_of("ec2")
    table = ec2.describe_route_tables(RouteTableIds=[thing.id])["RouteTables"][0]
    for association in table.get("Associations", []):
        ec2.disassociate_route_table(AssociationId=association["RouteTableAssociationId"])
    ec2.delete_route_table(RouteTableId=thing.id)


def _rules_of_group(client_of: Clients, thing: Thing) -> None:
    """Of all groups before any group goes: two that allow each other could otherwise never go."""
    ec2 = client_of("ec2")
    of_group = [{"Name": "group-id", "Values": [thing.id]}]
    rules = ask(ec2, "describe_security_group_rules", Filters=of_group)["SecurityGroupRules"]
    for is_egress, revoke in ((False, ec2.revoke_security_group_ingress), (True, ec2.revoke_security_group_egress)):
        ids = [rule["SecurityGroupRuleId"] for rule in rules if rule["IsEgress"] is is_egress]
        if ids:
            revoke(GroupId=thing.id, SecurityGroupRuleIds=ids)


def _namespace_service(client_of: Clients, thing: Thing) -> None:
    discovery = client_of("servicediscovery")
    for instance in ask(discovery, "list_instances", ServiceId=thing.id)["Instances"]:
        discovery.deregister_instance(ServiceId=thing.id, InstanceId=instance["Id"])
    discovery.delete_service(Id=thing.id)


def _record(client_of: Clients, thing: Thing) -> None:
    change = {"Action": "DELETE", "ResourceRecordSet": thing.said["record"]}
    client_of("route53").change_resource_record_sets(HostedZoneId=thing.said["zone"], ChangeBatch={"Changes": [change]})


def _flow_log(client_of: Clients, thing: Thing) -> None:
    refused = client_of("ec2").delete_flow_logs(FlowLogIds=[thing.id]).get("Unsuccessful")
    if refused:
        raise RuntimeError(refused[0]["Error"]["Message"])


def _endpoint(client_of: Clients, thing: Thing) -> None:
    refused = client_of("ec2").delete_vpc_endpoints(VpcEndpointIds=[thing.id]).get("Unsuccessful")
    if refused:
        raise RuntimeError(refused[0]["Error"]["Message"])


def _event_rule(client_of: Clients, thing: Thing) -> None:
    events = client_of("events")
    ids = [target["Id"] for target in ask(events, "list_targets_by_rule", Rule=thing.id)["Targets"]]
    if ids:
        events.remove_targets(Rule=thing.id, Ids=ids)
    events.delete_rule(Name=thing.id)


def _alarm(client_of: Clients, thing: Thing) -> None:
    client_of("cloudwatch").delete_alarms(AlarmNames=[thing.id])


def _dashboard(client_of: Clients, thing: Thing) -> None:
    client_of("cloudwatch").delete_dashboards(DashboardNames=[thing.id])


def _secret(client_of: Clients, thing: Thing) -> None:
    client_of("secretsmanager").delete_secret(SecretId=thing.id, ForceDeleteWithoutRecovery=True)


def _repository(client_of: Clients, thing: Thing) -> None:
    client_of("ecr").delete_repository(repositoryName=thing.id, force=True)


def _key(client_of: Clients, thing: Thing) -> None:
    client_of("kms").schedule_key_deletion(KeyId=thing.id.partition(" ")[0], PendingWindowInDays=PENDING_DAYS)


def _role(client_of: Clients, thing: Thing) -> None:
    iam = client_of("iam")
    for name in ask(iam, "list_role_policies", RoleName=thing.id)["PolicyNames"]:
        iam.delete_role_policy(RoleName=thing.id, PolicyName=name)
    for policy in ask(iam, "list_attached_role_policies", RoleName=thing.id)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=thing.id, PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName=thing.id)


def _bucket(client_of: Clients, thing: Thing) -> None:
    """With every version and delete marker of its objects; a load balancer that still stands may write more."""
    s3 = client_of("s3")
    for page in s3.get_paginator("list_object_versions").paginate(
        Bucket=thing.id, PaginationConfig={"PageSize": S3_BATCH}
    ):
        held = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        if held:
            keys = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in held]
            refused = s3.delete_objects(Bucket=thing.id, Delete={"Objects": keys, "Quiet": True}).get("Errors")
            if refused:
                raise RuntimeError(f"{refused[0]['Key']}: {refused[0]['Message']}")
    s3.delete_bucket(Bucket=thing.id)


REMOVALS = (
    Removal("application-autoscaling", "scaling policy", _scaling_policy),
    Removal("application-autoscaling", "scalable target", _scalable_target),
    Removal("events", "rule", _event_rule),
    Removal("cloudwatch", "alarm", _alarm),
    Removal("cloudwatch", "dashboard", _dashboard),
    Removal("route53", "record", _record),
    Removal("ecs", "service", _ecs_service, waits=True),
    Removal("ecs", "task", _task, waits=True),
    Removal("ecs", "task definition", _call("ecs", "deregister_task_definition", "taskDefinition")),
    Removal("ecs", "cluster", _call("ecs", "delete_cluster", "cluster")),
    Removal("servicediscovery", "service", _namespace_service),
    Removal("servicediscovery", "namespace", _call("servicediscovery", "delete_namespace", "Id"), waits=True),
    Removal("route53", "hosted zone", None),  # goes with its namespace: others' zones are never found
    Removal("elbv2", "listener", _call("elbv2", "delete_listener", "ListenerArn")),
    Removal("elbv2", "load balancer", _call("elbv2", "delete_load_balancer", "LoadBalancerArn"), waits=True),
    Removal("elbv2", "target group", _call("elbv2", "delete_target_group", "TargetGroupArn")),
    Removal("acm", "certificate", _call("acm", "delete_certificate", "CertificateArn")),
    Removal("lambda", "function", _call("lambda", "delete_function", "FunctionName")),
    Removal("secretsmanager", "secret", _secret),
    Removal("ecr", "image", None),  # goes with its repository
    Removal("ecr", "repository", _repository),
    Removal("ec2", "flow log", _flow_log),
    Removal("ec2", "VPC endpoint", _endpoint, waits=True),
    Removal("ec2", "NAT gateway", _ec2("delete_nat_gateway", "NatGatewayId"), waits=True),
    Removal("ec2", "elastic IP", _ec2("release_address", "AllocationId")),
    # AWS takes its own away with what they serve, those of functions within 20 minutes; one that is free is deleted.
    Removal("ec2", "network interface", _ec2("delete_network_interface", "NetworkInterfaceId"), waits=True),
    Removal("ec2", "internet gateway", _internet_gateway),
    Removal("ec2", "subnet", _ec2("delete_subnet", "SubnetId")),
    Removal("ec2", "route table", _route_table),
    Removal("ec2", "security group", _rules_of_group),
    Removal("ec2", "security group", _ec2("delete_security_group", "GroupId")),
    Removal("ec2", "network ACL", _ec2("delete_network_acl", "NetworkAclId")),
    Removal("ec2", "VPC", _ec2("delete_vpc", "VpcId")),
    Removal("sns", "topic", _call("sns", "delete_topic", "TopicArn")),
    Removal("sqs", "queue", _call("sqs", "delete_queue", "QueueUrl")),
    Removal("s3", "bucket", _bucket),
    Removal("logs", "log group", _call("logs", "delete_log_group", "logGroupName")),  # after all that writes into them
    Removal("iam", "instance profile", _call("iam", "delete_instance_profile", "InstanceProfileName")),
    Removal("iam", "role", _role),
    Removal("iam", "policy", _call("iam", "delete_policy", "PolicyArn")),
    Removal("kms", "alias", _call("kms", "delete_alias", "AliasName")),
    Removal("kms", "key", _key),
)
OF_THE_VPC = frozenset({"security group", "route table", "network ACL"})  # AWS makes one of each with a VPC


def goes_with_its_vpc(thing: Thing) -> bool:
    """Whether AWS made it with the VPC, and takes it away with it."""
    made_by_aws = thing.said.get("main") or (thing.kind == "security group" and thing.said.get("name") == "default")
    return thing.service == "ec2" and thing.kind in OF_THE_VPC and bool(made_by_aws)
