"""A deployed stack as AWS describes it, looked up by names and never through Terraform; each answer is asked once."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from delivery.aws import clients
from policies.spec import Spec

Answer = dict[str, Any]


class Live:
    """One deployment: where to ask (environment, region), whose names to look for (suffix), and its spec."""

    def __init__(self, environment: Mapping[str, str], region: str, suffix: str, spec: Spec) -> None:
        self.client = clients(environment, region)
        self.region = region
        self.suffix = suffix
        self.spec = spec

    def name(self, kind: str, component: str = "") -> str:
        """A name by the spec's pattern; `kind` is its {type} part."""
        parts = {
            "{type}": kind,
            "{component}": component,
            "{environment}": self.spec.get("naming.environment"),
            "{suffix}": self.suffix,
        }
        words = (parts.get(word, word) for word in self.spec.get("naming.pattern").split("-"))
        return "-".join(filter(None, words))

    @property
    def service_names(self) -> list[str]:
        return sorted(self.spec.get("services"))

    @property
    def public_services(self) -> list[str]:
        return [name for name in self.service_names if self.spec.get("services")[name]["public"]]

    def port(self, service: str) -> int:
        return int(self.spec.get("services")[service]["port"])

    @cached_property
    def cluster(self) -> Answer:
        answer = self.client("ecs").describe_clusters(
            clusters=[self.name("ecs-cluster")], include=["SETTINGS", "TAGS", "STATISTICS"]
        )
        return only(answer["clusters"], "cluster")

    @cached_property
    def services(self) -> dict[str, Answer]:
        """ECS services by the name of their microservice; one that is missing is missing here."""
        ecs, cluster = self.client("ecs"), self.cluster["clusterArn"]
        arns = self.pages("ecs", "list_services", "serviceArns", cluster=cluster)
        described = ecs.describe_services(cluster=cluster, services=arns, include=["TAGS"])["services"] if arns else []
        wanted = {self.name("ecs-service", service): service for service in self.service_names}
        return {wanted.get(found["serviceName"], found["serviceName"]): found for found in described}

    @cached_property
    def task_definitions(self) -> dict[str, Answer]:
        """The task definition that each service runs now, with its tags."""
        ecs = self.client("ecs")
        answers = {
            service: ecs.describe_task_definition(taskDefinition=found["taskDefinition"], include=["TAGS"])
            for service, found in self.services.items()
        }
        return {
            service: {**found["taskDefinition"], "tags": found.get("tags", [])} for service, found in answers.items()
        }

    @cached_property
    def containers(self) -> dict[str, list[Answer]]:
        return {service: found["containerDefinitions"] for service, found in self.task_definitions.items()}

    @cached_property
    def tasks(self) -> dict[str, list[Answer]]:
        ecs, cluster = self.client("ecs"), self.cluster["clusterArn"]
        tasks = {}
        for service, found in self.services.items():
            arns = self.pages("ecs", "list_tasks", "taskArns", cluster=cluster, serviceName=found["serviceName"])
            tasks[service] = ecs.describe_tasks(cluster=cluster, tasks=arns, include=["TAGS"])["tasks"] if arns else []
        return tasks

    @cached_property
    def vpc(self) -> Answer:
        answer = self.client("ec2").describe_vpcs(Filters=[_by_name(self.name("vpc"))])
        return only(answer["Vpcs"], "VPC")

    @cached_property
    def subnets(self) -> dict[str, Answer]:
        return {subnet["SubnetId"]: subnet for subnet in self._in_vpc("describe_subnets", "Subnets")}

    @cached_property
    def route_tables(self) -> list[Answer]:
        return self._in_vpc("describe_route_tables", "RouteTables")

    @cached_property
    def security_groups(self) -> dict[str, Answer]:
        return {group["GroupId"]: group for group in self._in_vpc("describe_security_groups", "SecurityGroups")}

    @cached_property
    def load_balancer(self) -> Answer:
        answer = self.client("elbv2").describe_load_balancers(Names=[self.name("alb")])
        return only(answer["LoadBalancers"], "load balancer")

    @cached_property
    def listeners(self) -> list[Answer]:
        return self.pages(
            "elbv2", "describe_listeners", "Listeners", LoadBalancerArn=self.load_balancer["LoadBalancerArn"]
        )

    @cached_property
    def listener_rules(self) -> list[Answer]:
        return [
            rule
            for listener in self.listeners
            for rule in self.pages("elbv2", "describe_rules", "Rules", ListenerArn=listener["ListenerArn"])
        ]

    @property
    def blue_green(self) -> dict[str, Answer]:
        """What the spec says of services that are rolled out blue/green."""
        return dict(self.spec.get("rollout.blue_green")) if self.spec.states("rollout") else {}

    @property
    def target_group_components(self) -> list[str]:
        """Components of the names of all target groups: a second one where rollouts are blue/green."""
        return [*self.public_services, *(f"{service}-green" for service in self.blue_green)]

    def target_group_arn(self, name: str) -> str:
        found = [arn for arn, group in self.target_groups.items() if group["TargetGroupName"] == name]
        return str(only(found, f"target group {name}"))

    @cached_property
    def target_groups(self) -> dict[str, Answer]:
        groups = self.pages(
            "elbv2", "describe_target_groups", "TargetGroups", LoadBalancerArn=self.load_balancer["LoadBalancerArn"]
        )
        return {group["TargetGroupArn"]: group for group in groups}

    @cached_property
    def log_groups(self) -> dict[str, Answer]:
        groups = self.pages(
            "logs", "describe_log_groups", "logGroups", logGroupNamePrefix=self.name("log-group", "*").split("*")[0]
        )
        wanted = {self.name("log-group", service): service for service in self.service_names}
        return {wanted[group["logGroupName"]]: group for group in groups if group["logGroupName"] in wanted}

    @cached_property
    def functions(self) -> dict[str, Answer]:
        """Lambda functions of the deployment by the component of their names."""
        begin, end = self.name("function", "*").split("*")
        return {
            found["FunctionName"].removeprefix(begin).removesuffix(end): found
            for found in self.pages("lambda", "list_functions", "Functions")
            if found["FunctionName"].startswith(begin) and found["FunctionName"].endswith(end)
        }

    @property
    def stated_secrets(self) -> dict[str, Answer]:
        """Component of a secret -> what the spec states of it, and the service that has it."""
        if not self.spec.states("secrets"):
            return {}
        return {
            f"{service}-{name}": {**stated, "service": service}
            for service, secrets in self.spec.get("secrets.of_services").items()
            for name, stated in secrets.items()
        }

    @cached_property
    def secrets(self) -> dict[str, Answer]:
        """Secrets of the deployment by component; one that is missing is missing here."""
        names = {self.name("secret", component): component for component in self.stated_secrets}
        begin, end = self.name("secret", "*").split("*")
        client = self.client("secretsmanager")
        return {
            names.get(found["Name"], found["Name"]): client.describe_secret(SecretId=found["ARN"])
            for found in self.pages("secretsmanager", "list_secrets", "SecretList")
            if found["Name"].startswith(begin) and found["Name"].endswith(end)
        }

    def route_table_of(self, subnet_id: str) -> Answer:
        """The table a subnet uses: its own, or the main one of the VPC."""
        main: list[Answer] = []
        for table in self.route_tables:
            for association in table.get("Associations", []):
                if association.get("SubnetId") == subnet_id:
                    return table
                if association.get("Main"):
                    main.append(table)
        return only(main, "main route table")

    def role_policies(self, role_arn: str) -> list[Answer]:
        """Every statement of a role's inline and attached policies."""
        iam, name = self.client("iam"), role_arn.rsplit("/", 1)[-1]
        inline = [
            iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            for policy in self.pages("iam", "list_role_policies", "PolicyNames", RoleName=name)
        ]
        attached = []
        for policy in self.pages("iam", "list_attached_role_policies", "AttachedPolicies", RoleName=name):
            version = iam.get_policy(PolicyArn=policy["PolicyArn"])["Policy"]["DefaultVersionId"]
            document = iam.get_policy_version(PolicyArn=policy["PolicyArn"], VersionId=version)
            attached.append(document["PolicyVersion"]["Document"])
        return [statement for document in [*inline, *attached] for statement in listed(document["Statement"])]

    def pages(self, service: str, call: str, key: str, **arguments: Any) -> list[Any]:
        """All items of a listing."""
        client = self.client(service)
        if not client.can_paginate(call):
            return list(getattr(client, call)(**arguments)[key])
        return [item for page in client.get_paginator(call).paginate(**arguments) for item in page[key]]

    def _in_vpc(self, call: str, key: str) -> list[Answer]:
        return self.pages("ec2", call, key, Filters=[{"Name": "vpc-id", "Values": [self.vpc["VpcId"]]}])


def only(items: list[Any], what: str) -> Any:
    """The one item there must be."""
    if len(items) != 1:
        raise LookupError(f"AWS shows {len(items)} of what must be one {what}")
    return items[0]


def listed(value: Any) -> list[Any]:
    """A list, also where AWS gives a single item without one."""
    return value if isinstance(value, list) else [value]


def tags_of(item: Answer) -> dict[str, str]:
    """Tags as a mapping, in whichever of AWS's spellings they come."""
    tags = item.get("tags") or item.get("Tags") or item.get("TagSet") or []
    if isinstance(tags, dict):
        return dict(tags)
    return {tag.get("key", tag.get("Key")): tag.get("value", tag.get("Value")) for tag in tags}


def _by_name(name: str) -> Answer:
    return {"Name": "tag:Name", "Values": [name]}
