"""The value of a secret that holds a database user: what a rotation writes, and what a new secret begins with."""

from urllib.parse import quote

from .target import Value


def database_value(host: str, port: int, database: str, username: str, password: str) -> Value:
    """Its parts one by one, and all of them as a connection string of PostgreSQL that verifies the server."""
    account = f"{quote(username, safe='')}:{password}"
    return {
        "engine": "postgresql",
        "host": host,
        "port": port,
        "dbname": database,
        "username": username,
        "password": password,
        "connection_string": f"postgresql://{account}@{host}:{port}/{quote(database, safe='')}?sslmode=verify-full",
    }
