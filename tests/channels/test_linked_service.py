"""A service as machines read it: what schema.org knows, said of what it is said of there.

``PROPERTIES`` and ``ABOVE`` are written anew from the definitions of schema.org (release 29.x) of
the types that are used; that every name exists there is asked of the list that rdflib brings along.
"""

import json
import re
from dataclasses import replace
from datetime import date

import pytest
import rdflib
from hypothesis import given as for_all
from hypothesis import strategies as st
from rdflib.namespace import RDF, SDO

from tongban import catalogue
from tongban.catalogue import Audience, Basis, Channels, Fee, Item, Limit, Result, Status
from tongban.channels.portal.guides.hours import WEEK, Opening, openings
from tongban.channels.portal.guides.linked import government_service

WORKDAYS = WEEK[:5]
URL = "https://example.org/items/L-1"
BARE = Item("L-1", "名称", "d", "部门", "990100", "云江市")
RICH = replace(
    BARE,
    version=3,
    short_name="开饭店",
    everyday_words=("开饭店", "餐饮证"),
    summary="开办餐饮店以前取得许可。",
    kind="01",
    kind_name="行政许可",
    themes=("准营准办",),
    promised=Limit(5),
    online_apply=True,
    charged=True,
    fees=(Fee("工本费", "10元/本", 1000), Fee("检验费", "按次收取")),
    conditions="有场所。",
    legal_basis=(Basis("中华人民共和国食品安全法", "第三十五条"),),
    results=(Result("食品经营许可证", "证照"), Result("告知书", "其他")),
    channels=Channels(address="和平路1号", hours="工作日 9:00-12:00", consult="0000-2880001"),
    codes=(catalogue.Code("basic_code", "000131007000"),),
    effective_from=date(2026, 1, 1),
    effective_until=date(2030, 1, 1),
)
# What may be said of a type, and of which types it is.
PROPERTIES = {
    "Thing": "url name alternateName description identifier mainEntityOfPage",
    "Service": "serviceType category areaServed provider audience availableChannel offers"
    " termsOfService serviceOutput",
    "GovernmentService": "jurisdiction",
    "CreativeWork": "inLanguage version dateModified expires isBasedOn",
    "ServiceChannel": "serviceUrl serviceLocation servicePhone processingTime",
    "Place": "address openingHoursSpecification",
    "OpeningHoursSpecification": "dayOfWeek opens closes",
    "ContactPoint": "telephone",
    "Offer": "price priceCurrency",
    "Permit": "issuedBy",
    "Audience": "audienceType",
    "PropertyValue": "propertyID value",
}
ABOVE = {
    "GovernmentService": "Service",
    "WebPage": "CreativeWork",
    "Legislation": "CreativeWork",
    "GovernmentPermit": "Permit",
    "PeopleAudience": "Audience",
    "BusinessAudience": "Audience",
    "AdministrativeArea": "Place",
}


def graph(item: Item) -> rdflib.Graph:
    """What a processor makes of it. Tests reach no network, so its context is put in its place."""
    told = government_service(item, url=URL, apply_url=f"{URL}/apply")
    assert told.pop("@context") == "https://schema.org"
    local = {"@context": {"@vocab": str(SDO)}, **told}
    return rdflib.Graph().parse(data=json.dumps(local), format="json-ld")


def may_be_said(kind: str) -> set[str]:
    own = {*PROPERTIES.get(kind, "").split(), *PROPERTIES["Thing"].split()}
    return own | may_be_said(ABOVE[kind]) if kind in ABOVE else own


def local_name(node: object) -> str:
    assert str(node).startswith(str(SDO)), node
    return str(node).removeprefix(str(SDO))


@pytest.mark.parametrize("item", [RICH, BARE, replace(RICH, charged=False)])
def test_every_type_and_property_is_one_of_schema_org(item: Item) -> None:
    told = graph(item)
    kinds = {subject: local_name(kind) for subject, kind in told.subject_objects(RDF.type)}
    assert kinds[rdflib.URIRef(f"{URL}#service")] == "GovernmentService"
    assert all(kind in SDO for kind in kinds.values())
    for subject, predicate in told.subject_predicates():
        if predicate != RDF.type:
            assert local_name(predicate) in SDO
            assert local_name(predicate) in may_be_said(kinds[subject])


def test_the_page_has_version_dates_language_and_laws() -> None:
    page = government_service(RICH, url=URL, apply_url="")["mainEntityOfPage"]
    assert page == {
        "@type": "WebPage",
        "@id": URL,
        "url": URL,
        "inLanguage": "zh-CN",
        "version": 3,
        "dateModified": "2026-01-01",
        "expires": "2030-01-01",
        "isBasedOn": [{"@type": "Legislation", "name": "中华人民共和国食品安全法 第三十五条"}],
    }


def test_prices_are_in_yuan_and_only_where_they_are_fixed() -> None:
    fixed, other = government_service(RICH, url=URL, apply_url="")["offers"]
    assert (fixed["price"], fixed["priceCurrency"]) == ("10.00", "CNY")
    assert "price" not in other
    [free] = government_service(replace(RICH, charged=False), url=URL, apply_url="")["offers"]
    assert (free["price"], free["priceCurrency"]) == ("0", "CNY")


def test_nothing_is_said_of_a_price_that_nobody_knows() -> None:
    silent = replace(RICH, charged=None, fees=())
    assert "offers" not in government_service(silent, url=URL, apply_url="")
    [free] = government_service(replace(silent, charged=False), url=URL, apply_url="")["offers"]
    assert free["price"] == "0"


def test_the_place_of_a_service_has_name_and_division_code() -> None:
    told = government_service(RICH, url=URL, apply_url="")
    assert (told["areaServed"]["name"], told["areaServed"]["identifier"]) == ("云江市", "990100")
    assert told["areaServed"] == told["jurisdiction"]


def test_only_a_licence_is_a_permit() -> None:
    licence, notice = government_service(RICH, url=URL, apply_url="")["serviceOutput"]
    assert (licence["@type"], licence["issuedBy"]["name"]) == ("GovernmentPermit", "部门")
    assert notice == {"@type": "Thing", "name": "告知书"}


def test_a_word_that_is_short_name_too_stands_once() -> None:
    assert government_service(RICH, url=URL, apply_url="")["alternateName"] == ["开饭店", "餐饮证"]


def channels(item: Item) -> list[dict[str, object]]:
    found: list[dict[str, object]] = government_service(item, url=URL, apply_url="/a").get(
        "availableChannel", []
    )
    return found


def test_the_window_keeps_hours_and_the_site_does_not() -> None:
    online, desk = channels(RICH)
    assert online == {"@type": "ServiceChannel", "serviceUrl": "/a", "processingTime": "P7D"}
    assert desk["serviceLocation"] == {
        "@type": "Place",
        "address": "和平路1号",
        "openingHoursSpecification": [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": [f"https://schema.org/{day}" for day in WORKDAYS],
                "opens": "09:00",
                "closes": "12:00",
                "description": "工作日 9:00-12:00",
            }
        ],
    }


def test_a_suspended_service_cannot_be_applied_for() -> None:
    assert not any("serviceUrl" in one for one in channels(replace(RICH, status=Status.SUSPENDED)))


def test_a_service_with_a_telephone_alone_has_a_channel_without_a_place() -> None:
    [phone] = channels(replace(BARE, channels=Channels(consult="12345", hours="工作日 9:00-12:00")))
    assert phone == {
        "@type": "ServiceChannel",
        "servicePhone": {"@type": "ContactPoint", "telephone": "12345"},
    }
    assert channels(BARE) == []


@pytest.mark.parametrize(
    ("audience", "kinds"),
    [
        (Audience.PERSON, ["PeopleAudience"]),
        (Audience.BUSINESS, ["BusinessAudience"]),
        (Audience.BOTH, ["PeopleAudience", "BusinessAudience"]),
    ],
)
def test_a_service_says_whom_it_is_for(audience: Audience, kinds: list[str]) -> None:
    told = government_service(replace(RICH, audience=audience), url=URL, apply_url="")
    assert [one["@type"] for one in told["audience"]] == kinds


MORNING, AFTERNOON = Opening(WORKDAYS, "09:00", "12:00"), Opening(WORKDAYS, "13:30", "16:30")


@pytest.mark.parametrize(
    "text",
    [
        "工作日：上午9∶00—12∶00，下午13∶30—16∶30，（法定节假日除外）",
        "周一至周五：上午9：00-12：00，下午13：30-16：30，法定节假日除外。",
        "工作日:上 午 9:00--12:00;下午1:30至4:30（除法定节假日外）",
        "工作日\n9:00-12:00 13:30-16:30",
        "星期一至五 9:00-12:00 13:30-16:30",
    ],
)
def test_hours_are_read_out_of_words(text: str) -> None:
    assert openings(text) == (MORNING, AFTERNOON)


def test_each_day_has_its_own_hours() -> None:
    told = "工作日 9:00—12:00；周六 10:00—11:00 提供延时服务（法定节假日除外）"
    assert openings(told) == (MORNING, Opening(("Saturday",), "10:00", "11:00"))
    assert openings("每天 0:00-24:00") == (Opening(WEEK, "00:00", "24:00"),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "上午9：00-12：00",  # On which days?
        "工作日：上午9:00-12:00（车管所大厅8:00-12:00）",  # Two places.
        "周一至周五，冬季8:30-12:00；夏季8:00-12:00",
        "工作日（周三除外）9:00-12:00",
        "工作日：上午9:00-12:00，下午13:30-16：:30",
        "每月最后一个周五 9:00-12:00",
        "工作日 9:00-12:00，节假日 10:00-12:00",
        "0770-2880609、0770-2861281",
        "周五至周一 9:00-12:00",
        "周一、三、五 9:00-12:00",
        "周一到周三及周五 9:00-12:00",
    ],
)
def test_hours_that_leave_something_open_stay_words(text: str) -> None:
    assert openings(text) == ()


@for_all(st.text("工作日周一至五六上下午0123456789:-;。（）季", max_size=40))
def test_hours_are_those_of_a_clock_whatever_is_written(text: str) -> None:
    for one in openings(text):
        assert set(one.days) <= set(WEEK)
        assert re.fullmatch(r"\d\d:\d\d", one.opens)
        assert one.opens < one.closes <= "24:00"
