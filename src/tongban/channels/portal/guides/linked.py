"""A service as linked data: schema.org GovernmentService (https://schema.org/GovernmentService).

A service and the page about it are two things: version, dates, language and the laws on which the
guide is based are said of the page, since schema.org knows them of works alone.
"""

from typing import Any

from tongban.catalogue import Audience, Item, Result, Status
from tongban.channels.portal.guides.hours import openings

_PERSON = {"@type": "PeopleAudience", "audienceType": "Person"}
_BUSINESS = {"@type": "BusinessAudience", "audienceType": "Organization"}
_AUDIENCES = {
    Audience.PERSON: [_PERSON],
    Audience.BUSINESS: [_BUSINESS],
    Audience.BOTH: [_PERSON, _BUSINESS],
}


def government_service(item: Item, *, url: str, apply_url: str) -> dict[str, Any]:
    """Return the JSON-LD document of a service; what the guide does not say is left out."""
    place = {
        "@type": "AdministrativeArea",
        "name": item.region_name,
        "identifier": item.region,
    }
    provider = {
        "@type": "GovernmentOrganization",
        "name": item.department_name,
        "identifier": item.agency.credit_code or item.department,
    }
    return {"@context": "https://schema.org"} | _said(
        {
            "@type": "GovernmentService",
            "@id": f"{url}#service",
            "url": url,
            "mainEntityOfPage": _page(item, url),
            "identifier": [
                {"@type": "PropertyValue", "propertyID": code.scheme, "value": code.code}
                for code in item.codes
            ]
            or item.code,
            "name": item.name,
            "alternateName": list(
                dict.fromkeys(one for one in (item.short_name, *item.everyday_words) if one)
            ),
            "description": item.summary or item.conditions,
            "serviceType": item.kind_name,
            "category": list(item.themes),
            "jurisdiction": place,
            "areaServed": place,
            "provider": provider,
            "audience": _AUDIENCES[item.audience],
            "availableChannel": _channels(item, apply_url),
            "offers": _offers(item),
            "termsOfService": item.conditions,
            "serviceOutput": [_output(one, provider) for one in item.results],
        }
    )


def _page(item: Item, url: str) -> dict[str, Any]:
    return _said(
        {
            "@type": "WebPage",
            "@id": url,
            "url": url,
            "inLanguage": "zh-CN",
            "version": item.version,
            "dateModified": item.effective_from and item.effective_from.isoformat(),
            "expires": item.effective_until and item.effective_until.isoformat(),
            "isBasedOn": [
                {"@type": "Legislation", "name": f"{one.law} {one.clause}".strip()}
                for one in item.legal_basis
            ],
        }
    )


def _channels(item: Item, apply_url: str) -> list[dict[str, Any]]:
    """Apply online, or at the window of an address, which alone keeps the office hours."""
    time = item.promised.duration if item.promised else ""
    channels: list[dict[str, Any]] = []
    if item.online_apply and item.status is Status.PUBLISHED:
        channels.append({"serviceUrl": apply_url})
    phone = {"@type": "ContactPoint", "telephone": item.channels.consult}
    desk = {
        "serviceLocation": _location(item) if item.channels.address else None,
        "servicePhone": phone if item.channels.consult else None,
    }
    if any(desk.values()):
        channels.append(desk)
    return [_said({"@type": "ServiceChannel", **one, "processingTime": time}) for one in channels]


def _location(item: Item) -> dict[str, Any]:
    """The hours in words, and by day and clock where the words leave nothing open."""
    words = {"description": item.channels.hours}
    clock: list[dict[str, Any]] = [
        {
            "dayOfWeek": [f"https://schema.org/{day}" for day in one.days],
            "opens": one.opens,
            "closes": one.closes,
        }
        for one in openings(item.channels.hours)
    ]
    hours = [
        {"@type": "OpeningHoursSpecification", **one, **words}
        for one in (clock or [{}])
        if item.channels.hours
    ]
    return _said(
        {
            "@type": "Place",
            "address": item.channels.address,
            "openingHoursSpecification": hours,
        }
    )


def _output(result: Result, provider: dict[str, Any]) -> dict[str, Any]:
    if result.kind in ("证照", "批文"):
        return {"@type": "GovernmentPermit", "name": result.name, "issuedBy": provider}
    return {"@type": "Thing", "name": result.name}


def _offers(item: Item) -> list[dict[str, Any]]:
    if item.charged is False:
        return [{"@type": "Offer", "price": "0", "priceCurrency": "CNY"}]
    return [
        _said(
            {
                "@type": "Offer",
                "name": fee.name,
                "description": fee.standard,
                "priceCurrency": "CNY",
                "price": None if fee.amount is None else f"{fee.amount / 100:.2f}",
            }
        )
        for fee in item.fees
    ]


def _said(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value not in ("", [], None)}
