"""A service as linked data: schema.org GovernmentService (https://schema.org/GovernmentService)."""

from typing import Any

from tongban.catalogue import Audience, Item, Status

_AUDIENCES = {
    Audience.PERSON: ["Person"],
    Audience.BUSINESS: ["Organization"],
    Audience.BOTH: ["Person", "Organization"],
}


def government_service(item: Item, *, url: str, apply_url: str) -> dict[str, Any]:
    """Return the JSON-LD document of a service; what the guide does not say is left out."""
    said = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "@id": url,
        "url": url,
        "identifier": [
            {"@type": "PropertyValue", "propertyID": code.scheme, "value": code.code}
            for code in item.codes
        ]
        or item.code,
        "name": item.name,
        "alternateName": [one for one in (item.short_name, *item.everyday_words) if one],
        "description": item.summary or item.conditions,
        "serviceType": item.kind_name,
        "category": list(item.themes),
        "inLanguage": "zh-CN",
        "jurisdiction": {"@type": "AdministrativeArea", "name": item.region_name},
        "areaServed": {"@type": "AdministrativeArea", "name": item.region_name},
        "provider": {
            "@type": "GovernmentOrganization",
            "name": item.department_name,
            "identifier": item.agency.credit_code or item.department,
        },
        "audience": [
            {"@type": "Audience", "audienceType": one} for one in _AUDIENCES[item.audience]
        ],
        "availableChannel": _channels(item, apply_url),
        "offers": _offers(item),
        "termsOfService": item.conditions,
        "serviceOutput": [{"@type": "Permit", "name": one.name} for one in item.results],
        "isBasedOn": [f"{one.law} {one.clause}".strip() for one in item.legal_basis],
        "version": item.version,
        "dateModified": item.effective_from.isoformat() if item.effective_from else "",
    }
    return {name: value for name, value in said.items() if value not in ("", [], None)}


def _channels(item: Item, apply_url: str) -> list[dict[str, Any]]:
    channels: list[dict[str, Any]] = []
    if item.online_apply and item.status is Status.PUBLISHED:
        channels.append({"@type": "ServiceChannel", "serviceUrl": apply_url})
    if item.channels.address:
        channels.append(
            {
                "@type": "ServiceChannel",
                "serviceLocation": {
                    "@type": "Place",
                    "address": item.channels.address,
                    "openingHours": item.channels.hours,
                },
                "servicePhone": {"@type": "ContactPoint", "telephone": item.channels.consult},
            }
        )
    return channels


def _offers(item: Item) -> list[dict[str, Any]]:
    if not item.charged:
        return [{"@type": "Offer", "price": "0", "priceCurrency": "CNY"}]
    return [
        {
            "@type": "Offer",
            "name": fee.name,
            "description": fee.standard,
            "priceCurrency": "CNY",
            **({"price": f"{fee.amount / 100:.2f}"} if fee.amount is not None else {}),
        }
        for fee in item.fees
    ]
