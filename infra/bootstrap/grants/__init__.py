"""What the CI role may do, by what a platform consists of; each list fits into one managed policy (6,144 characters).

Which actions a deployment calls was recorded: both platforms deployed and destroyed by Terraform with the AWS provider
against the emulator (2026-11-26; tests/unit/infra/bootstrap/recorded_calls.json). What a change of a deployed stack and
the checks after it call besides comes from the service authorization reference, and so does which action AWS limits by
what: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html (2026-11-26).
"""
