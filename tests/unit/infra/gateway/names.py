"""What the gateway platform is made of, as the requirement document says it."""

SERVICES = ("api-gateway", "payment-processor", "fraud-detector")
SECRETS = {
    "payment-processor-database": "payment-processor",
    "payment-processor-card-network": "payment-processor",
    "fraud-detector-database": "fraud-detector",
}
