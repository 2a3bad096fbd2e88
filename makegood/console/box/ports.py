"""Ports: refused in words when taken, and asked whether somebody answers behind them."""

import errno
import socket

from makegood.console.box.failures import BoxFailed


def refuse_taken(host: str, port: int, variable: str) -> None:
    """Raise `BoxFailed`, naming the remedy, when we could not listen on the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BoxFailed(_why(error, host, port, variable)) from None


def answers(port: int, path: str) -> bool:
    """Whether something speaks HTTP on a loopback port; any status counts."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            connection.sendall(request.encode())
            return connection.recv(5) == b"HTTP/"
    except OSError:
        return False


def address_in_network() -> str | None:
    """This machine's address as others in its network see it; nothing is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if address.startswith("127.") else address


def _why(error: OSError, host: str, port: int, variable: str) -> str:
    option = " (or --port)" if variable == "MAKEGOOD_PORT" else ""
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is already in use. Stop what uses it, or choose another: "
            f"{variable}={port + 10}{option}."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for root; choose one above 1023: {variable}=8000{option}."
    return f"Cannot listen on {host} port {port}: {error.strerror}."
