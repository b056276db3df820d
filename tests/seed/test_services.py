"""The forty services of the fictional city: complete, true to their own words, fit to be used."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from tongban import catalogue, identity
from tongban.catalogue import Audience, Guide, Handling, Item, item_of, schema
from tongban.catalogue.adapters.checks import doubts
from tongban.foundation.work import Work

SEED = Path(__file__).parents[2] / "seed"
FILES = sorted((SEED / "services").glob("*.toml"))
CITY = tomllib.loads((SEED / "city.toml").read_text(encoding="utf-8"))
EXAMPLES = tomllib.loads((SEED / "answers.toml").read_text(encoding="utf-8"))
DEPARTMENTS = {row["name"]: row for row in CITY["department"]}

# The two official lists of themes (主题分类); a service stands under those of whom it is for.
FOR_PEOPLE = """
    生育收养 户籍办理 民族宗教 教育科研 入伍服役 就业创业 设立变更 准营准办 抵押质押 职业资格
    行政缴费 婚姻登记 优待抚恤 规划建设 住房保障 社会保障（社会保险、社会救助） 证件办理 交通出行
    旅游观光 出境入境 消费维权 公共安全 司法公证 知识产权 环保绿化 文化体育 公用事业 医疗卫生
    离职退休 死亡殡葬 地方特色分类 其他
"""
FOR_BUSINESSES = """
    设立变更 准营准办 资质认证 年检年审 税收财务 人力资源 社会保障 投资审批 融资信贷 抵押质押
    商务贸易 招标拍卖 海关口岸 涉外服务 农林牧渔 国土和规划建设 交通运输 环保绿化 应对气候变化
    水务气象 医疗卫生 科技创新 文体教育 知识产权 民族宗教 质量技术 检验检疫 安全生产 公安消防
    司法公证 公用事业 法人注销 档案文物 地方特色分类 其他
"""
# What the registers know of an applicant, by the words that fields use for it.
REGISTERED = {
    "holder.name": "张安宁",
    "holder.id_number": "99010019880312002X",
    "holder.telephone": "19900000001",
    "holder.address": "安澜市临江区柳荫路 7 号 2 幢 301 室",
    "holder.credit_code": "91990100MA99X00010",
    "holder.legal_representative": "张安宁",
}
# How many working days a unit of the promise holds, for comparing it with the steps.
WORKDAYS = {"工作日": 1.0, "自然日": 5 / 7, "月": 20.0}


def read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def guide_of(file: Path) -> Guide:
    return msgspec.convert(read(file), Guide, strict=True)


def item_in(file: Path) -> Item:
    guide = guide_of(file)
    return item_of(guide, department=DEPARTMENTS[guide.department]["code"], region="990100")


def lost(record: object, kept: object, path: str = "") -> list[str]:
    """Return what the exchange shape did not take over: a misspelt key is lost silently."""
    if isinstance(record, dict) and isinstance(kept, dict):
        return [
            at
            for key, value in record.items()
            for at in (
                lost(value, kept[key], f"{path}.{key}") if key in kept else [f"{path}.{key}"]
            )
        ]
    if isinstance(record, list) and isinstance(kept, list | tuple):
        pairs = zip(record, kept, strict=True)
        return [at for i, (a, b) in enumerate(pairs) for at in lost(a, b, f"{path}[{i}]")]
    return [] if record == kept else [path]


each_service = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def test_there_are_forty_services_four_of_each_department() -> None:
    assert len(FILES) == 40
    guides = [guide_of(file) for file in FILES]
    assert Counter(guide.department for guide in guides) == dict.fromkeys(DEPARTMENTS, 4)
    assert {guide.region for guide in guides} == {"安澜市"}


def test_no_two_services_share_a_name_or_a_code() -> None:
    guides = [guide_of(file) for file in FILES]
    for of_each in (
        [guide.name for guide in guides],
        [guide.short_name for guide in guides],
        [guide.item_code for guide in guides],
    ):
        assert [one for one, times in Counter(of_each).items() if times > 1] == []


def test_every_kind_of_service_is_among_them() -> None:
    items = [item_in(file) for file in FILES]
    kinds = Counter(item.kind_name for item in items)
    assert set(kinds) == {
        "行政许可",
        "行政给付",
        "行政确认",
        "行政奖励",
        "其他行政权力",
        "公共服务",
    }
    assert sum(item.handling is Handling.INSTANT for item in items) >= 10
    assert sum(item.handling is Handling.COMMITTED for item in items) >= 20
    assert sum(item.audience is not Audience.BUSINESS for item in items) >= 18
    assert sum(item.audience is not Audience.PERSON for item in items) >= 18
    assert sum(item.charged for item in items) >= 4
    assert sum(bool(item.questions) for item in items) >= 10
    assert sum(bool(item.special_procedures) for item in items) >= 8
    assert sum(bool(item.life_events) for item in items) >= 8


@each_service
def test_a_service_is_read_whole_and_its_code_names_its_department(file: Path) -> None:
    guide = guide_of(file)
    assert lost(read(file), msgspec.to_builtins(guide)) == []
    code = DEPARTMENTS[guide.department]["code"]
    assert re.fullmatch(rf"{code}-00[1-4]", guide.item_code or "")
    assert file.stem.split("-")[0].upper() == code.removeprefix("AL-")


@each_service
def test_a_service_can_be_published_without_any_doubt(file: Path) -> None:
    assert [flaw.field for flaw in doubts(guide_of(file))] == []
    assert item_in(file).form["type"] == "object"


@each_service
def test_the_promise_is_shorter_than_the_law_and_the_steps_keep_it(file: Path) -> None:
    guide = guide_of(file)
    assert guide.promised_days
    if guide.statutory_days is not None:
        statutory = guide.statutory_days * WORKDAYS[guide.statutory_unit or guide.day_unit or ""]
        assert guide.promised_days * WORKDAYS[guide.day_unit or ""] < statutory
    if guide.handling_type == "即办件":
        assert (guide.promised_days, guide.day_unit) == (1, "工作日")
    steps = guide.steps or []
    assert all(step.standard for step in steps)
    assert [step.name.split("（")[0] for step in steps][:1] == ["收件与受理"]
    assert steps[-1].name == "颁证与送达"
    taken = sum(step.days or 0 for step in steps)
    assert 0 < taken <= guide.promised_days * WORKDAYS[guide.day_unit or ""] + 0.5


@each_service
def test_telephones_cannot_exist_and_complaints_do_not_ring_at_the_same_desk(file: Path) -> None:
    guide = guide_of(file)
    channels = guide.channels
    assert channels
    assert channels.consult == DEPARTMENTS[guide.department]["telephone"]
    assert channels.consult != channels.complaint
    # 0999 is no area code; only a pattern or a hint about numbers may hold other long numbers.
    text = file.read_text(encoding="utf-8")
    assert set(re.findall(r"(?<!\d)0\d{2,3}-\d{7,8}", text)) >= {channels.consult}
    assert re.findall(r"(?<!\d)0(?!999-)\d{2,3}-\d{7,8}", text) == []
    assert re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", text) == []
    assert "工作日" in (channels.time or "")
    assert "安澜市" in (channels.address or "")


@each_service
def test_people_find_it_by_their_own_words_and_themes(file: Path) -> None:
    guide, item = guide_of(file), item_in(file)
    words = guide.everyday_words or []
    assert 5 <= len(set(words)) == len(words) <= 10
    assert guide.name not in words
    assert 0 <= guide.prominence <= 100
    assert re.fullmatch(r"[^。]+。", guide.summary or ""), "one plain sentence"
    themes = set(guide.themes or [])
    for_people, for_businesses = set(FOR_PEOPLE.split()), set(FOR_BUSINESSES.split())
    assert themes <= for_people | for_businesses
    if item.audience is not Audience.BUSINESS:
        assert themes & for_people
    if item.audience is not Audience.PERSON:
        assert themes & for_businesses


@each_service
def test_every_case_has_its_own_list_of_materials(file: Path) -> None:
    item = item_in(file)
    keys = {material.key for material in item.materials}
    conditional: set[str] = set()
    for question in item.questions:
        assert len(question.choices) >= 2
        for choice in question.choices:
            assert set(choice.materials) <= keys
            conditional.update(choice.materials)
            shown = {m.key for m in item.materials_for({question.key: choice.key})}
            assert set(choice.materials) <= shown
    if item.questions:
        assert conditional, "a question that changes nothing is not worth asking"
    assert "application" in {material.key for material in item.materials_for({})}


@each_service
def test_nobody_uploads_what_the_government_issued_and_can_look_up(file: Path) -> None:
    for material in item_in(file).materials:
        assert material.accept_standard
        assert material.fill_notice
        assert material.exempt == bool(material.supplied_by)
        if material.linked_certificate and material.form == "电子":
            assert material.exempt, material.name


@each_service
def test_the_form_asks_a_handful_of_things_and_nothing_twice(file: Path) -> None:
    guide, item = guide_of(file), item_in(file)
    fields = guide.fields or []
    assert 4 <= len(fields) <= 15
    jsonschema_rs.Draft202012Validator(item.form)
    jsonschema_rs.Draft202012Validator(schema(tuple(fields)))
    own = {field.key for field in fields}
    assert own.isdisjoint(question.key for question in item.questions)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", key) for key in own)
    assert {field.source for field in fields} - {""} <= set(REGISTERED)
    assert all(field.section for field in fields)


@each_service
def test_it_says_by_which_law_what_comes_out_and_what_people_ask(file: Path) -> None:
    guide, item = guide_of(file), item_in(file)
    assert item.legal_basis
    assert all(not basis.text for basis in item.legal_basis), "laws are cited, not copied"
    for basis in item.legal_basis:
        assert re.fullmatch(r"(第[〇零一二三四五六七八九十百千]+条(、|$))*", basis.clause)
    assert item.results
    assert 2 <= len(item.faq) <= 4
    assert guide.conditions
    for fee in item.fees:
        assert fee.basis
        assert fee.standard
        assert fee.amount is None or fee.amount % 100 == 0
    if item.kind in ("01", "05", "07", "08", "10"):
        assert {redress.way for redress in item.rights} == {"行政复议", "行政诉讼"}


@each_service
def test_a_filled_in_example_satisfies_the_form(file: Path) -> None:
    item = item_in(file)
    example = EXAMPLES[item.code]
    properties = item.form["properties"]
    prefilled = {
        key: REGISTERED[rule["x-source"]] for key, rule in properties.items() if "x-source" in rule
    }
    answers = prefilled | {"notify_by": "sms"} | example["answers"]
    form = jsonschema_rs.Draft202012Validator(item.form, validate_formats=True)
    assert [error.message for error in form.iter_errors(answers)] == []
    assert set(example["choices"]) == {question.key for question in item.questions}
    for question in item.questions:
        assert example["choices"][question.key] in {choice.key for choice in question.choices}


def test_examples_are_filled_in_by_people_of_the_city_for_their_own_firms() -> None:
    people = {row["login"]: row for row in CITY["person"]}
    assert set(EXAMPLES) == {guide_of(file).item_code for file in FILES}
    for example in EXAMPLES.values():
        person = people[example["applicant"]]
        organisation = example.get("organisation")
        assert organisation is None or organisation in person["organisations"]


@each_service
def test_an_example_is_filled_in_by_one_for_whom_the_service_is(file: Path) -> None:
    item = item_in(file)
    audience = Audience.BUSINESS if EXAMPLES[item.code].get("organisation") else Audience.PERSON
    assert item.audience in (audience, Audience.BOTH)


def test_numbers_of_examples_look_right_and_belong_to_nobody() -> None:
    answers = [value for one in EXAMPLES.values() for value in one["answers"].values()]
    texts = [value for value in answers if isinstance(value, str)]
    identities = [text for text in texts if re.fullmatch(r"\d{17}[\dX]", text)]
    assert len(identities) >= 5
    for number in identities:
        assert number.startswith("9901"), "no division of the country begins with 99"
        assert number[-1] == identity.resident_check_character(number[:17])


@pytest.fixture
def published(work: Work, tmp_path: Path) -> catalogue.ImportReport:
    """All forty, published the way in which imported guides are."""

    @contextmanager
    def in_this_transaction() -> Iterator[Work]:
        yield work

    lines = tmp_path / "services.jsonl"
    lines.write_bytes(b"".join(msgspec.json.encode(read(file)) + b"\n" for file in FILES))
    return catalogue.import_guides(
        in_this_transaction, file=lines, rejects=tmp_path / "rejected.jsonl"
    )


def test_all_of_them_are_published(published: catalogue.ImportReport, work: Work) -> None:
    assert (published.read, published.accepted, published.rejected) == (40, 40, 0)
    for file in FILES:
        guide = guide_of(file)
        item = catalogue.item(work, code=guide.item_code or "")
        assert (item.name, item.department_name) == (guide.name, guide.department)


# Left incomplete on purpose, each with a remark in its file, so that a newcomer sees the worklist.
HELD_BACK = {
    ("AL-GA-004", "up_task_general_basic", "power_source"),
    ("AL-JY-003", "up_task_general_extend", "is_entry_center"),
}


def test_all_but_the_deliberately_incomplete_go_out_to_the_national_exchange(
    published: catalogue.ImportReport, work: Work
) -> None:
    assert published.accepted == 40
    text = (SEED / "lists" / "directory.toml").read_text(encoding="utf-8")
    entries = catalogue.publish_entries(work, entries=catalogue.read_entries(text, region="990100"))
    assert len(entries) == 40
    batch = catalogue.make_batch(work)
    assert batch is not None
    rows = {one.table_name: one.new for one in catalogue.table_counts(work, number=batch.number)}
    assert rows["up_task_directory"] == 40
    basic = rows["up_task_general_basic"] + rows["up_task_public_basic"]
    extended = rows["up_task_general_extend"] + rows["up_task_public_extend"]
    assert (basic, extended) == (39, 38)
    held = {
        (line.code, flaw.table, flaw.field)
        for line in catalogue.held_back(work, regions=("",)).rows
        for flaw in line.flaws
    }
    assert held == HELD_BACK


@each_service
def test_the_codes_have_the_form_of_true_ones_and_belong_to_nobody(file: Path) -> None:
    item = item_in(file)
    assert catalogue.code_warnings(item.codes) == []
    basic, implementation = (code.code for code in item.codes)
    assert basic.startswith("99"), "no province begins with 99"
    assert implementation == f"{item.agency.credit_code}3{basic}"
    assert implementation.startswith("11990100")


def test_each_everyday_word_finds_its_service_among_the_first_five(
    published: catalogue.ImportReport, work: Work
) -> None:
    assert published.accepted == 40
    missed = [
        (word, guide.short_name)
        for guide in map(guide_of, FILES)
        for word in (*(guide.everyday_words or ()), guide.short_name or "")
        if guide.item_code
        not in [found.line.code for found in catalogue.search(work, text=word)[:5]]
    ]
    assert missed == []
