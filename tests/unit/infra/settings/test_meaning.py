"""Questions of infra.settings.meaning that the payments settings can get wrong."""

from pathlib import Path

import pytest

from infra.settings.meaning import CHECKS
from tests.unit.infra.settings.cases import Case, Expected, check_case
from tests.unit.infra.settings.test_meaning_of_gateway import CASES as GATEWAY_CASES

PAYMENTS = (Path(__file__).parents[4] / "environments" / "payments.production.yaml").read_text()


DIGEST = "sha256:3f9a1c5be7d20864f1a9c3e5d7b80246ace13579bdf02468ace13579bdf02468"
API_ROUTES = """    routes:
      paths: [/payments, /payments/*]
      health_check_path: /health
      priority: 10
"""
API_IMAGE = f"""    image:
      repository: payments/payment-api
      digest: {DIGEST}
"""
CERTIFICATE = """    domain_name: payments.example.com # the stack answers at <suffix>.payments.example.com
    hosted_zone_id: Z0EXAMPLE0PAYMENTS01
"""
ARN = "arn:aws:acm:us-east-1:123456789012:certificate/0123abcd-0123-0123-0123-0123456789ab"
EITHER_CERTIFICATE = "either arn, or domain_name and hosted_zone_id"
ROUTE_RULE = "paths that no lower priority claims"
GIVE_LOWER = "change the path, or give fraud-detection a lower priority than payment-api if it is the narrower one"
ORDER = "min_tasks <= desired_count <= max_tasks"
TAG_RULE = "a version such as 1.4.2, or a commit hash of 7 to 40 hexadecimal digits"
FRAUD_ROUTES = "  fraud-detection:\n    routes: {{paths: [{}], health_check_path: /health, priority: 20}}\n"
NOTIFICATION = "  notification-service:\n"
EVERY_TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/*"
FIFTY_LONG_ARNS = ", ".join(f"arn:aws:s3:::receipts-{number:03}-{'x' * 200}/*" for number in range(50))
ELB_RULE = "letters, digits and -, no - at either end, not starting with internal-"
FRAUD = "  fraud-detection:\n"
SHORT_NAMES = ("{type}-{component}-{environment}-{suffix}", "{type}-{component}-{suffix}")
RESOURCE_RULE = (
    "does not name a resource",
    "an ARN whose resource name starts without a wildcard",
    "write the ARN of the resource; a wildcard may only follow its name",
)
ELB_SOURCE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"


def permission(actions: str, resources: str) -> tuple[str, str]:
    return (FRAUD, f"{FRAUD}    task_permissions: [{{actions: [{actions}], resources: [{resources}]}}]\n")


def refused_resource(resource: str, shown: str) -> Case:
    found = Expected(f"resources: [|{resource}", "services.fraud-detection.task_permissions[0].resources[0]",
                     RESOURCE_RULE[0], shown, *RESOURCE_RULE[1:])  # fmt: skip
    return Case(f"resource {shown}", ("resources_are_named",), (permission("s3:GetObject", resource),), (found,))


def mutable_tag(tag: str) -> Case:
    found = Expected(f"|tag: {tag}", "services.payment-api.image.tag", "can be moved to another image", tag, TAG_RULE,
                     "name the version, or use the digest")  # fmt: skip
    return Case(f"tag {tag}", ("tags_of_images_are_immutable",), ((f"digest: {DIGEST}", f"tag: {tag}"),), (found,))


def taken_variable(name: str, by: str) -> Case:
    edit = ("  payment-api:\n", f"  payment-api:\n    environment: {{{name}: x}}\n")
    found = Expected(f"|{name}: x", f"services.payment-api.environment.{name}", f"is set {by}", name, "other names",
                     "rename or remove the variable")  # fmt: skip
    return Case(f"variable {name}", ("variables_are_free",), (edit,), (found,))


CASES = (
    # network
    Case("public VPC range", ("vpc_range_is_private", "reserved_ranges_are_in_the_vpc"),
         (("10.20.0.0/16", "11.20.0.0/16"), ("10.20.240.0/20", "11.20.240.0/20")),
         (Expected("|vpc_cidr", "network.vpc_cidr", "is not a private range", "11.20.0.0/16",
                   "a part of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10", "take a private range"),)),
    Case("VPC range of /15", ("vpc_range_has_a_size_aws_takes",), (("10.20.0.0/16", "10.20.0.0/15"),),
         (Expected("|vpc_cidr", "network.vpc_cidr", "has a size that AWS refuses", "10.20.0.0/15", "/16 to /28",
                   "change the prefix length"),)),
    Case("VPC too small", ("subnets_fit_into_the_vpc", "reserved_ranges_are_in_the_vpc"),
         (("vpc_cidr: 10.20.0.0/16", "vpc_cidr: 10.20.0.0/18"), ("[10.20.240.0/20]", "[10.20.48.0/20]")),
         (Expected("|vpc_cidr", "network.vpc_cidr", "is too small for the subnets",
                   "10.20.0.0/18 has no free /20 left for the private subnet of us-east-1c, "
                   "beside 3 zones and 1 reserved ranges",
                   "room for a public and a private subnet in every zone, beside the reserved ranges",
                   "take a larger range, smaller subnets (a larger prefix length) or fewer reserved ranges"),)),
    Case("subnets too small for the tasks", ("private_subnets_hold_all_tasks",),
         (("private_subnet_prefix_length: 20", "private_subnet_prefix_length: 28"),),
         (Expected("|private_subnet", "network.private_subnet_prefix_length", "leaves too few addresses for the tasks",
                   "33 addresses for 60 tasks during rollouts and 9 VPC endpoint interfaces",
                   "an address for each (AWS keeps 5 of every subnet)",
                   "take larger private subnets (a smaller prefix length), or lower max_tasks"),)),
    Case("zone outside the region", ("zones_are_in_the_region",), (("us-east-1b", "eu-west-1b"),),
         (Expected("[us-east-1a, |eu-west-1b", "network.availability_zones[1]", "is outside the region", "eu-west-1b",
                   "zones of us-east-1, such as us-east-1a", "change the zone or the region"),)),
    Case("reserved range outside the VPC", ("reserved_ranges_are_in_the_vpc",), (("10.20.240.0/20", "10.21.0.0/20"),),
         (Expected("|10.21.0.0/20", "network.reserved_cidrs[0]", "is not in the VPC", "10.21.0.0/20",
                   "parts of 10.20.0.0/16", "remove it or correct it"),)),
    Case("reserved ranges overlap", ("reserved_ranges_do_not_overlap",),
         (("[10.20.240.0/20]", "[10.20.240.0/20, 10.20.248.0/24]"),),
         (Expected("|10.20.248.0/24", "network.reserved_cidrs[1]", "overlaps another reserved range",
                   "10.20.248.0/24 and 10.20.240.0/20", "ranges without common addresses", "join or shrink them"),)),
    # traffic
    Case("unknown callee", ("callees_exist",), (("calls: [fraud-detection, ", "calls: [fraud-detektion, "),),
         (Expected("calls: [|fraud-detektion", "services.payment-api.calls[0]", "is not a service of this file",
                   "fraud-detektion", "fraud-detection, notification-service",
                   "correct the name or add the service"),)),
    Case("call to itself", ("callees_exist",), (("calls: [fraud-detection, ", "calls: [payment-api, "),),
         (Expected("calls: [|payment-api", "services.payment-api.calls[0]", "is a call to itself", "payment-api",
                   "other services", "remove the call"),)),
    Case("duplicate port", ("ports_are_used_once",), (("port: 8082", "port: 8081"),),
         (Expected("notification-service:\n    |port", "services.notification-service.port",
                   "is the port of another service", "8081, also of fraud-detection", "a port of its own",
                   "take another port"),)),
    Case("no public service", ("some_service_is_public",), ((API_ROUTES, ""),),
         (Expected("|services:", "services", "has no public service", "no service with routes",
                   "at least one service with routes: the load balancer has nothing to send requests to",
                   "give the public service routes"),)),
    Case("path claimed by two services", ("paths_are_claimed_once",),
         (SHORT_NAMES, (FRAUD, FRAUD_ROUTES.format("/payments"))),
         (Expected("paths: [|/payments]", "services.fraud-detection.routes.paths[0]", "is claimed by two services",
                   "/payments, already sent to payment-api", ROUTE_RULE,
                   GIVE_LOWER),)),
    Case("path covered by a wildcard", ("paths_are_claimed_once",),
         (SHORT_NAMES, (FRAUD, FRAUD_ROUTES.format("/x, /payments/a*"))),
         (Expected("[/x, |/payments/a*]", "services.fraud-detection.routes.paths[1]", "is claimed by two services",
                   "/payments/a*, already sent to payment-api", ROUTE_RULE,
                   GIVE_LOWER),)),
    Case("priority used twice", ("priorities_are_used_once",),
         (SHORT_NAMES, (FRAUD, FRAUD_ROUTES.format("/fraud").replace("20", "10"))),
         (Expected("|priority: 10}", "services.fraud-detection.routes.priority", "is used twice",
                   "10, also of payment-api", "each priority once: AWS refuses the second rule",
                   "choose another priority"),)),
    Case("too many wildcards", ("wildcards_are_within_the_quota",),
         (SHORT_NAMES, (FRAUD, FRAUD_ROUTES.format("/f*/?*/x*, /g*?"))),
         (Expected("|paths: [/f*", "services.fraud-detection.routes.paths", "has too many wildcards",
                   "6 of * and ?", "at most 5 in all paths of a service", "use fewer or wider patterns"),)),
    Case("way out listed twice", ("ways_out_are_listed_once",),
         (("  outbound:\n", "  outbound:\n    - {port: 443, cidr: 0.0.0.0/0, purpose: again}\n"),),
         (Expected("|{port: 443, cidr: 0.0.0.0/0, purpose: \"AWS", "service_defaults.outbound[1]", "is listed twice",
                   "port 443 on 0.0.0.0/0", "each port on each range once: AWS refuses the second rule",
                   "remove one of the two"),)),
    Case("way out inside the VPC", ("ways_out_leave_the_vpc",),
         (("port: 443, cidr: 0.0.0.0/0", "port: 443, cidr: 10.20.0.0/24"),),
         (Expected("|cidr: 10.20.0.0/24", "service_defaults.outbound[0].cidr", "is inside the VPC", "10.20.0.0/24",
                   "ranges outside 10.20.0.0/16", "use calls for traffic between services"),)),
    # services
    Case("memory too small for the CPU", ("cpu_and_memory_are_a_fargate_pair",),
         (("memory_mib: 2048", "memory_mib: 1024"),),
         (Expected("|memory_mib", "service_defaults.memory_mib", "does not go with the CPU on Fargate",
                   "1024 MiB with 1024 CPU units", "2048 to 8192 MiB in steps of 1024",
                   "change memory_mib or cpu_units"),)),
    Case("smallest CPU with uneven memory", ("cpu_and_memory_are_a_fargate_pair",),
         (("cpu_units: 1024", "cpu_units: 256"), ("memory_mib: 2048", "memory_mib: 1536")),
         (Expected("|memory_mib", "service_defaults.memory_mib", "does not go with the CPU on Fargate",
                   "1536 MiB with 256 CPU units", "512, 1024, 2048 MiB", "change memory_mib or cpu_units"),)),
    Case("desired below min", ("task_counts_are_in_order",), (("desired_count: 3", "desired_count: 2"),),
         (Expected("|desired_count", "service_defaults.desired_count", "is out of order",
                   "min_tasks 3, desired_count 2, max_tasks 10", ORDER, "change one of the three"),)),
    Case("min above max", ("task_counts_are_in_order",), (("max_tasks: 10", "max_tasks: 2"),),
         (Expected("|max_tasks", "service_defaults.scaling.max_tasks", "is out of order",
                   "min_tasks 3, desired_count 3, max_tasks 2", ORDER, "change one of the three"),)),
    Case("health check as long as its interval", ("health_checks_end_before_the_next",),
         (("interval_seconds: 30", "interval_seconds: 5"),),
         (Expected("|timeout_seconds: 5", "service_defaults.health_check.timeout_seconds",
                   "is not shorter than the interval", "5 s, every 5 s", "less than health_check.interval_seconds",
                   "shorten the timeout"),)),
    Case("rollout without room", ("rollouts_can_replace_a_task",), (("maximum_percent: 200", "maximum_percent: 133"),),
         (Expected("|maximum_percent", "service_defaults.rollout.maximum_percent", "would block every rollout",
                   "at 3 tasks: at most 3 and at least 3 may run",
                   "room to start or stop a task at every task count",
                   "raise maximum_percent or lower minimum_healthy_percent"),)),
    Case("image without digest and tag", ("images_are_pinned",),
         ((API_IMAGE, "    image: {repository: payments/payment-api}\n"),),
         (Expected("|image: {repository: payments/payment-api}", "services.payment-api.image",
                   "is not pinned in exactly one way", "neither digest nor tag", "either digest or tag",
                   "add the digest of the image"),)),
    Case("image with digest and tag", ("images_are_pinned",),
         ((f"digest: {DIGEST}", f"digest: {DIGEST}\n      tag: 1.4.2"),),
         (Expected("8080\n    |image:", "services.payment-api.image", "is not pinned in exactly one way",
                   f"{DIGEST} and 1.4.2", "either digest or tag", "keep the digest"),)),
    *map(mutable_tag, ("latest", "stable", "main", "dev", "v1", "production")),
    taken_variable("PORT", "by the stack"),
    taken_variable("FRAUD_DETECTION_HOST", "by the stack"),
    taken_variable("NOTIFICATION_SERVICE_PORT", "by the stack"),
    taken_variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "by ECS"),
    # permissions
    Case("action with a wildcard", ("actions_are_spelled_out",), (permission("'s3:Get*'", "arn:aws:s3:::receipts/*"),),
         (Expected("actions: [|'s3:Get*'", "services.fraud-detection.task_permissions[0].actions[0]",
                   "is not one action",
                   "s3:Get*", "service:Action without wildcards, such as dynamodb:GetItem",
                   "list the actions that the code uses"),)),
    refused_resource("'*'", "*"),
    refused_resource("'arn:aws:s3:::*'", "arn:aws:s3:::*"),
    refused_resource("'arn:aws:s3:::*/receipts'", "arn:aws:s3:::*/receipts"),
    refused_resource(f"'{EVERY_TABLE}'", EVERY_TABLE),
    refused_resource("'arn:aws:sqs:*:123456789012:q'", "arn:aws:sqs:*:123456789012:q"),
    refused_resource("receipts", "receipts"),
    Case("policy too long for a role", ("policies_fit_into_a_role",),
         (permission("s3:GetObject", FIFTY_LONG_ARNS),),
         (Expected("|task_permissions", "services.fraud-detection.task_permissions", "is too long for a role",
                   "11664 characters", "10240 characters as JSON",
                   "split the service, or name fewer actions and resources"),)),
    # entrance
    Case("certificate not given", ("certificate_is_given_once",),
         ((f"certificate:\n{CERTIFICATE}", "certificate: {}\n"),),
         (Expected("|certificate: {}", "load_balancer.certificate", "is not given", "an empty mapping",
                   EITHER_CERTIFICATE, "give one of the two"),)),
    Case("certificate given twice", ("certificate_is_given_once",),
         ((CERTIFICATE, f"{CERTIFICATE}    arn: {ARN}\n"),),
         (Expected("|certificate:", "load_balancer.certificate", "is given twice",
                   "arn and domain_name and hosted_zone_id",
                   EITHER_CERTIFICATE, "keep one of the two"),)),
    Case("certificate without zone", ("certificate_is_given_once",),
         (("    hosted_zone_id: Z0EXAMPLE0PAYMENTS01\n", ""),),
         (Expected("|certificate:", "load_balancer.certificate", "is given by half", "domain_name", EITHER_CERTIFICATE,
                   "add the other key"),)),
    Case("certificate of another region", ("certificate_is_of_the_region",),
         ((CERTIFICATE, f"    arn: {ARN.replace('us-east-1', 'eu-west-1')}\n"),),
         (Expected("|arn:", "load_balancer.certificate.arn", "is in another region",
                   ARN.replace("us-east-1", "eu-west-1"),
                   "a certificate in us-east-1", "request a certificate in the region of the load balancer"),)),
    Case("host name too long for a certificate", ("certificate_name_is_short_enough",),
         (("domain_name: payments.example.com", f"domain_name: {'p' * 50}.example.com"),),
         (Expected("|domain_name", "load_balancer.certificate.domain_name",
                   "makes a host name too long for a certificate",
                   f"pr42.{'p' * 50}.example.com, 67 characters", "at most 64 characters",
                   "shorten the suffix or the domain"),)),
    Case("deregistration delay as long as the stop timeout", ("tasks_outlive_their_requests",),
         (("deregistration_delay_seconds: 60", "deregistration_delay_seconds: 120"),),
         (Expected("|deregistration", "load_balancer.deregistration_delay_seconds", "is not below the stop timeout",
                   "120 s, and payment-api is stopped after 120 s",
                   "less than stop_timeout_seconds of every public service",
                   "lower the delay or raise the stop timeout"),)),
    # platform
    Case("two bases", ("one_provider_has_the_base",), (("{base: 0, weight: 1}", "{base: 1, weight: 1}"),),
         (Expected("on_demand: {|base", "capacity.on_demand.base", "is a second base", "spot 1 and on_demand 1",
                   "a base above 0 for one provider: ECS refuses two", "set one of the two to 0"),)),
    Case("tag key set by the stack", ("tags_are_distinct_and_free",),
         (("  Team: payments", "  name: x\n  Team: payments"),),
         (Expected("|name: x", "tags.name", "is a key that is taken", "name, beside Name",
                   "keys that differ by more than case; Name, EnvironmentSuffix are set by the stack",
                   "rename or remove the tag"),)),
    Case("name too long for a target group", ("names_are_within_aws_limits",),
         ((NOTIFICATION, f"{NOTIFICATION}    routes: {{paths: [/n], health_check_path: /n, priority: 20}}\n"),),
         (Expected("\n  |notification-service:", "services.notification-service",
                   "makes a name for its target-group that has 39 characters",
                   "tg-notification-service-production-pr42",
                   f"at most 32 characters: {ELB_RULE} ({ELB_SOURCE})",
                   "shorten the service, the environment or the suffix by 7"),)),
    Case("service with the name of a shared part", ("service_names_are_free",),
         (("  fraud-detection:\n", "  container-insights:\n"), ("calls: [fraud-detection, ", "calls: [")),
         (Expected("|container-insights:", "services.container-insights", "is the name of a shared part",
                   "container-insights",
                   "names other than alb, container-insights, platform, redeployment, vpc-endpoints, vpc-flows",
                   "rename the service"),)),
)  # fmt: skip


@pytest.mark.clause("P.12.2", "G.9.8", proof="test")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake_of_meaning_is_told_with_place_value_and_remedy(case: Case, tmp_path: Path) -> None:
    check_case(case, PAYMENTS, tmp_path)


def test_every_question_has_a_case() -> None:
    named = {name for case in (*CASES, *GATEWAY_CASES) for name in case.checks}

    assert named == {check.find.__name__ for check in CHECKS}
