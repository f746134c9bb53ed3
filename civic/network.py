"""Where a request came from, as far as it may be trusted."""

import ipaddress

from flask import request


def network_of(address: str) -> str:
    """The network an address is counted by: IPv4 /32, IPv6 /64 (one household, one network).

    >>> network_of("2001:db8::1")
    '2001:db8::/64'
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False))
    return str(parsed)


def client_network() -> str:
    """The network of the current request. Proxies are trusted only as `TRUSTED_PROXIES` says."""
    return network_of(request.remote_addr or "")
