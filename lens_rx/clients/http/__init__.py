"""Plain HTTP: a reader of public pages with its crawl policy, and the base of the clients of official APIs."""

from lens_rx.clients.http.api_client import ApiClient, retry_after_seconds
from lens_rx.clients.http.crawl_policy import HostCooldown, RateLimiter
from lens_rx.clients.http.fetcher import HttpFetcher
from lens_rx.clients.http.url_policy import check_url

__all__ = ["ApiClient", "HostCooldown", "HttpFetcher", "RateLimiter", "check_url", "retry_after_seconds"]
