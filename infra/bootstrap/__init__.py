"""What an account has before its first deployment: the state bucket, and the role that CI deploys with."""
