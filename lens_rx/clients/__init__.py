"""The clients of the outside services, a package for each: browser, http, google, ebay, llm.

Only the wiring imports those packages. All other code knows the services by the three modules named here,
which import no client's library.
"""

__all__ = ["endpoints", "llm_schemas", "protocols"]
