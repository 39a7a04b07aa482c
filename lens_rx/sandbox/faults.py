"""Faults of the sandbox's sites, switched on for each kind of site by a file at start or by `PUT /_faults`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, ValidationError

FAULTS_PATH = "/_faults"
#: The path below which the server of a local model answers.
LOCAL_PREFIX = "/local"
_API_RESPONSE_FAULTS = ("truncated", "html")


class Site(StrEnum):
    """The kinds of site that can fail: the keys of the faults' JSON."""

    LENS = "lens"
    SEARCH = "search"
    SHOP = "shop"
    MARKETPLACE = "marketplace"
    MODEL = "model"
    BRAVE = "brave"
    GOOGLE = "google"
    VISION = "vision"
    EBAY = "ebay"


class Block(StrEnum):
    """The block pages that a site can show."""

    CONSENT = "consent"
    CAPTCHA = "captcha"
    SHELL = "shell"
    PARDON = "pardon"


class Fault(BaseModel):
    """The faults of one kind of site; they apply to responses that carry a result, and to no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    delay: float = Field(default=0.0, ge=0, le=3600, description="seconds before the answer")
    hang: StrictBool = Field(default=False, description="no answer, and the connection stays open")
    drip: StrictInt | None = Field(default=None, gt=0, description="bytes a second")
    block: Block | None = Field(default=None, description="a wall instead of the answer")
    drift: StrictBool = Field(default=False, description="a long page of another layout")
    status: StrictInt | None = Field(default=None, ge=400, le=599, description="this HTTP status, no content")
    close: StrictBool = Field(default=False, description="the connection is cut before the answer")
    huge: float = Field(default=0.0, ge=0, le=2000, description="megabytes of padding before the content")

    @property
    def changes_responses(self) -> bool:
        """Whether a fault is set that the middleware applies to responses."""
        names = [*Fault.model_fields, *(it for it in _API_RESPONSE_FAULTS if it in type(self).model_fields)]
        return any(getattr(self, it) != type(self).model_fields[it].default for it in names)


class MarketplaceFault(Fault):
    """The faults of marketplaces: those of every site, for all of them or for some."""

    only: tuple[str, ...] = Field(default=(), description="the marketplaces that have them; none: all")

    def strikes(self, labels: Iterable[str]) -> bool:
        """Tell whether a host, of these labels, has the faults."""
        return not self.only or not set(self.only).isdisjoint(labels)


class KeyFault(StrEnum):
    """What is wrong with the key of an official API."""

    WRONG = "wrong"
    EXPIRED = "expired"


class KeyedFault(Fault):
    """The faults of an API with a key: those of every site, and its key and its quota."""

    quota: StrictBool = Field(default=False, description="the quota is used up")
    key: KeyFault | None = Field(default=None, description="the key is refused")
    truncated: StrictBool = Field(default=False, description="the body ends in the middle")
    html: StrictBool = Field(default=False, description="an HTML page instead of JSON")


class ApiFault(KeyedFault):
    """The faults of an official API: those of every one with a key, and its end."""

    ended: StrictBool = Field(default=False, description="the API is no longer offered")


class ModelFault(KeyedFault):
    """The faults of the model's server: those of every API with a key, and the end of models."""

    retired: tuple[str, ...] = Field(default=(), description="models that are no longer accessible")
    shutdown_dates: dict[str, date] = Field(default={}, description="announced last days, by model")


class Faults(BaseModel):
    """The faults of all sites; a site that is not named has none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lens: Fault = Fault()
    search: Fault = Fault()
    shop: Fault = Fault()
    marketplace: MarketplaceFault = MarketplaceFault()
    model: ModelFault = ModelFault()
    brave: ApiFault = ApiFault()
    google: ApiFault = ApiFault()
    vision: ApiFault = ApiFault()
    ebay: ApiFault = ApiFault()

    @classmethod
    def parse(cls, text: str | bytes) -> Faults:
        """Parse JSON; raise `ValueError` with a message that names each wrong field and the known ones."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise ValueError("; ".join(_describe_error(part) for part in error.errors())) from None

    def for_site(self, site: Site) -> Fault:
        """Return the faults of `site`."""
        fault: Fault = getattr(self, site.value)
        return fault

    def active(self) -> dict[str, object]:
        """Return the non-default fields as JSON values."""
        return self.model_dump(mode="json", exclude_defaults=True)


def _describe_error(error: object) -> str:
    """Return one of pydantic's errors as text: `lens.delai: is not known here; known are …`."""
    assert isinstance(error, dict)
    place = ".".join(str(step) for step in error["loc"]) or "faults"
    if error["type"] != "extra_forbidden":
        return f"{place}: {error['msg']}"
    known = Faults.model_fields
    if "." in place:
        known = type(Faults().for_site(Site(place.partition(".")[0]))).model_fields
    return f"{place}: is not known here; known are {', '.join(known)}"
