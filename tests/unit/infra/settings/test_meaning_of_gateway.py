"""Questions of infra.settings.meaning that take secrets, blue/green or repositories of one's own to get wrong."""

from pathlib import Path

import pytest

from tests.conftest import GATEWAY
from tests.unit.infra.settings.cases import Case, Expected, check_case

SETTINGS = GATEWAY.read_text()
USER = "database_user: {host: payments-db.example.internal, port: 5432, cidr: 10.30.240.0/20, database: payments, "
PROCESSOR_USER = f"        {USER}username: payment_processor}}\n"
DETECTOR_USER = f"{USER}username: fraud_detector}}"
API_KEY = """        api_key: {endpoint: "https://keys.card-network.example/v1/keys/gateway"}\n"""
ADMIN = "admin_secret_arn: arn:aws:secretsmanager:us-east-1:123456789012:secret:card-network-admin-Ex4mPl"
STEPS = "        shift: canary\n        step_percent: 10\n        step_bake_time_minutes: 5\n"
BLUE_GREEN = f"""    rollout:
      blue_green:
        bake_time_minutes: 10
        test_route: {{header: X-Paygate-Test, value: green, priority: 10}}
{STEPS}"""
HOOK = "arn:aws:lambda:eu-west-1:123456789012:function:ask"
EITHER = "either database_user or api_key"
PROCESSOR, DATABASE, CARDS = (
    "services.payment-processor",
    "services.payment-processor.secrets.database",
    "services.payment-processor.secrets.card-network",
)
ROLLOUT = "services.api-gateway.rollout.blue_green"

CASES = (
    # repositories
    Case("name of a repository that is created", ("repositories_are_named_where_they_exist",),
         (("    image:\n", "    image:\n      repository: gateway/api\n"),),
         (Expected("|repository: gateway/api", "services.api-gateway.image.repository",
                   "names a repository that is created", "gateway/api",
                   "no name: created repositories are named by the pattern", "remove the key"),)),
    Case("no name of a repository that exists", ("repositories_are_named_where_they_exist",),
         (("create_repositories: true", "create_repositories: false"),),
         tuple(Expected(f"  {service}:\n    port: {port}\n    |image:", f"services.{service}.image.repository",
                        "is missing", "nothing", "the name of an existing repository", "add the key")
               for service, port in (("api-gateway", 8080), ("payment-processor", 8081), ("fraud-detector", 8082)))),
    # secrets
    Case("secret with two targets", ("secrets_have_one_target",), ((API_KEY, PROCESSOR_USER.replace(
             "payment_processor", "cards") + API_KEY), ("{CARD_NETWORK_API_KEY: api_key}", "{CARDS: password}")),
         (Expected("|card-network:", CARDS, "has two targets", "database_user and api_key", EITHER,
                   "make two secrets of it"),)),
    Case("secret without a target", ("secrets_have_one_target",), ((API_KEY, ""),),
         (Expected("|card-network:", CARDS, "has no target", "neither", EITHER, "say what the secret is for"),)),
    Case("key that the secret does not have", ("variables_name_keys_of_the_secret",),
         (("{CARD_NETWORK_API_KEY: api_key}", "{CARD_NETWORK_API_KEY: password}"),),
         (Expected("variables: {|CARD_NETWORK_API_KEY", f"{CARDS}.variables.CARD_NETWORK_API_KEY",
                   "names a key that the secret does not have", "password", "api_key", "take one of the keys"),)),
    Case("variable from two secrets", ("variables_are_given_once",),
         (("{CARD_NETWORK_API_KEY: api_key}", "{DATABASE_URL: api_key}"),),
         (Expected("{|DATABASE_URL: api_key}", f"{CARDS}.variables.DATABASE_URL", "is given by two secrets",
                   "DATABASE_URL, also of database", "each variable once", "rename one of the two"),)),
    Case("variable that a secret gives", ("variables_are_free",),
         (("    calls: [fraud-detector]\n", "    calls: [fraud-detector]\n    environment: {DATABASE_URL: x}\n"),),
         (Expected("{|DATABASE_URL: x}", f"{PROCESSOR}.environment.DATABASE_URL", "is set from a secret",
                   "DATABASE_URL", "other names", "rename or remove the variable"),)),
    Case("secret in a variable of the stack", ("variables_are_free",),
         (("{CARD_NETWORK_API_KEY: api_key}", "{PORT: api_key}"),),
         (Expected("{|PORT: api_key}", f"{CARDS}.variables.PORT", "is set by the stack", "PORT", "other names",
                   "rename or remove the variable"),)),
    Case("one user in two secrets", ("database_users_are_rotated_once",),
         ((DETECTOR_USER, DETECTOR_USER.replace("fraud_detector", "payment_processor").replace(
             "database: payments", "database: frauds")),),
         (Expected("frauds, |username", "services.fraud-detector.secrets.database.database_user.username",
                   "is the user of another secret", "payment_processor, also of payment-processor.secrets.database",
                   "a user of its own for every secret", "take another user"),)),
    Case("admin secret of another region", ("admin_secrets_are_of_the_region",),
         ((ADMIN, ADMIN.replace("us-east-1", "eu-west-1")),),
         (Expected("|admin_secret_arn: arn:aws:secretsmanager:eu-west-1", f"{CARDS}.admin_secret_arn",
                   "is in another region", ADMIN.replace("us-east-1", "eu-west-1").partition(" ")[2],
                   "one in us-east-1", "name the one of this region"),)),
    Case("no file of authorities", ("authorities_files_are_there",),
         (("username: fraud_detector}", "username: fraud_detector, authorities_file: rds.pem}"),),
         (Expected("|authorities_file: rds.pem", "services.fraud-detector.secrets.database.database_user"
                   ".authorities_file", "holds no certificate, or is not there", "rds.pem", "a PEM file in {folder}",
                   "put the file beside this one"),)),
    Case("database among the tasks", ("databases_are_where_no_task_is",),
         ((PROCESSOR_USER, PROCESSOR_USER.replace("10.30.240.0/20", "10.30.0.0/16")),),
         (Expected("5432, |cidr: 10.30.0.0/16", f"{DATABASE}.database_user.cidr", "is not a reserved range",
                   "10.30.0.0/16", "a range of network.reserved_cidrs, or one outside 10.30.0.0/16",
                   "reserve the range, or correct it"),)),
    # rollout
    Case("blue/green without a load balancer", ("blue_green_is_for_public_services",),
         (("  fraud-detector:\n    port: 8082\n",
           "  fraud-detector:\n    port: 8082\n" + BLUE_GREEN.replace("priority: 10", "priority: 11")),),
         (Expected("8082\n    rollout:\n      |blue_green:", "services.fraud-detector.rollout.blue_green",
                   "is for a service without routes",
                   "fraud-detector is reached by private names only, which would mix both versions",
                   "blue_green for services with routes",
                   "remove the block: tasks are then replaced one by one, and rolled back by alarms"),)),
    Case("blue/green of a callee", ("blue_green_services_are_not_called",),
         (("    port: 8082\n", "    port: 8082\n    calls: [api-gateway]\n"),),
         (Expected("|blue_green:", ROLLOUT, "is for a service that has a private name",
                   "fraud-detector calls api-gateway, and would get both versions",
                   "blue_green for services that no other one calls", "remove the block, or the call"),)),
    Case("canary without steps", ("shifts_have_their_steps",), (("        step_percent: 10\n", ""),),
         (Expected("|blue_green:", f"{ROLLOUT}.step_percent", "is missing", "nothing", "a value for a canary shift",
                   "add it"),)),
    Case("steps without a shift in steps", ("shifts_have_their_steps",), (("shift: canary", "shift: all-at-once"),),
         (Expected("|step_percent: 10", f"{ROLLOUT}.step_percent", "is for a shift without steps", "10",
                   "steps for canary and linear", "remove the key"),
          Expected("|step_bake_time_minutes: 5", f"{ROLLOUT}.step_bake_time_minutes",
                   "is for a shift without steps", "5", "steps for canary and linear", "remove the key"))),
    Case("test route behind the routes", ("test_routes_come_first",), (("green, priority: 10", "green, priority: 30"),),
         (Expected("green, |priority: 30", f"{ROLLOUT}.test_route.priority", "is not below the priority of the routes",
                   "30, and the routes have 20", "a number below 20: lower ones are tried first",
                   "lower it, or raise the priority of the routes"),)),
    Case("fewer tasks while it bakes", ("old_tasks_stay_while_it_bakes",),
         (("minimum_healthy_percent: 100", "minimum_healthy_percent: 50"),),
         (Expected("|blue_green:", ROLLOUT, "runs two full sets of tasks",
                   "minimum_healthy_percent 50, maximum_percent 200", "100 and 200",
                   "set both, or remove blue_green"),)),
    Case("hook of another region", ("hooks_are_of_the_region",),
         ((STEPS, f"{STEPS}        hooks: [{{function_arn: '{HOOK}', stages: [POST_SCALE_UP]}}]\n"),),
         (Expected("{|function_arn", f"{ROLLOUT}.hooks[0].function_arn", "is in another region", HOOK,
                   "a function in us-east-1", "name a function of this region"),)),
    # tags
    Case("tag that names the owner", ("tags_are_distinct_and_free",), (("  CostCenter", "  service: x\n  CostCenter"),),
         (Expected("|service: x", "tags.service", "is a key that is taken", "service, beside Service",
                   "keys that differ by more than case; Name, EnvironmentSuffix, Service are set by the stack",
                   "rename or remove the tag"),)),
)  # fmt: skip


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake_of_meaning_is_told_with_place_value_and_remedy(case: Case, tmp_path: Path) -> None:
    check_case(case, SETTINGS, tmp_path)
