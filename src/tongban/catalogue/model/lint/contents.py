"""Rules about what a service is, what it asks for, and in which words. Pure."""

import re
from collections import Counter
from collections.abc import Iterator

from tongban.catalogue.model.coded import Audience, Need
from tongban.catalogue.model.codes import audience_of
from tongban.catalogue.model.item import Item
from tongban.catalogue.model.lint.finding import Place, Section, Severity, rule
from tongban.catalogue.model.lint.limits import PERMIT
from tongban.catalogue.model.schemes import code_warnings

# The national themes (主题分类) that only one of the two audiences has.
PERSON_THEMES = frozenset((
    "生育收养", "户籍办理", "入伍服役", "婚姻登记", "优待抚恤", "住房保障", "证件办理", "旅游观光",
    "出境入境", "离职退休", "死亡殡葬",
))  # fmt: skip
BUSINESS_THEMES = frozenset((
    "资质认证", "年检年审", "税收财务", "人力资源", "投资审批", "融资信贷", "商务贸易", "招标拍卖",
    "海关口岸", "涉外服务", "农林牧渔", "应对气候变化", "水务气象", "质量技术", "检验检疫",
    "安全生产", "法人注销",
))  # fmt: skip
_VAGUE = re.compile(
    r"其[他它](相关|有关|必要|需要)?(的)?(申请|证明)?(材料|资料|文件)|"
    r".*(法律|法规|规章|行政机关|部门|有关).{0,12}(规定|要求|认为).{0,8}的?其[他它].{0,6}(材料|资料|文件)|"
    r"(相关|有关|必要)(的)?(证明)?(材料|资料|文件)"
)
_VAGUE_CONDITION = re.compile(r"(详见|参见|见附件|见法律|按.{0,10}规定)[^。；]{0,20}[。；]?$")
LONG_CONDITIONS = 3000


@rule(
    "basics.no_kind",
    Severity.ERROR,
    Section.BASICS,
    "没有事项类型",
)
def _no_kind(item: Item) -> Iterator[Place]:
    if not item.kind:
        yield "kind", {}


@rule(
    "basics.code_form",
    Severity.WARNING,
    Section.BASICS,
    "{problem}",
    title="编码的形式或校验位不对",
)
def _code_form(item: Item) -> Iterator[Place]:
    for problem in code_warnings(item.codes):
        yield "codes", {"problem": problem}


@rule(
    "basics.no_everyday_words",
    Severity.HINT,
    Section.BASICS,
    "没有日常用语，群众可能搜不到",
)
def _no_everyday_words(item: Item) -> Iterator[Place]:
    if not item.everyday_words and not item.short_name:
        yield "everyday_words", {}


@rule(
    "basics.no_theme",
    Severity.HINT,
    Section.BASICS,
    "除“其他”外没有主题，按主题找不到",
)
def _no_theme(item: Item) -> Iterator[Place]:
    themes = {*item.themes, *item.person_themes, *item.business_themes, *item.local_themes}
    if not themes - {"其他", "其它"}:
        yield "themes", {}


@rule(
    "basics.theme_of_others",
    Severity.WARNING,
    Section.BASICS,
    "服务对象是{audience}，主题“{theme}”却属于另一类对象",
    title="主题与服务对象不一致",
)
def _theme_of_others(item: Item) -> Iterator[Place]:
    if item.audience is Audience.PERSON:
        wrong = [*item.business_themes, *(t for t in item.themes if t in BUSINESS_THEMES)]
    elif item.audience is Audience.BUSINESS:
        wrong = [*item.person_themes, *(t for t in item.themes if t in PERSON_THEMES)]
    else:
        wrong = []
    for theme in wrong:
        yield "themes", {"audience": item.audience.label, "theme": theme}


@rule(
    "basics.audience_unlike_objects",
    Severity.WARNING,
    Section.BASICS,
    "服务对象写作“{objects}”，适用对象却是{audience}",
    title="服务对象与适用对象不一致",
)
def _audience_unlike_objects(item: Item) -> Iterator[Place]:
    named = audience_of(item.service_object) if item.service_object else None
    if named and named is not item.audience:
        yield "audience", {"objects": item.service_object, "audience": item.audience.label}


@rule(
    "conditions.missing",
    Severity.WARNING,
    Section.CONDITIONS,
    "没有受理条件",
)
def _no_conditions(item: Item) -> Iterator[Place]:
    if not item.conditions.strip():
        yield "conditions", {}


@rule(
    "conditions.elsewhere",
    Severity.WARNING,
    Section.CONDITIONS,
    "受理条件只让人去看别处",
)
def _elsewhere(item: Item) -> Iterator[Place]:
    text = item.conditions.strip()
    if text and len(text) < 40 and _VAGUE_CONDITION.search(text):
        yield "conditions", {}


@rule(
    "materials.missing",
    Severity.WARNING,
    Section.MATERIALS,
    "没有申请材料",
)
def _no_materials(item: Item) -> Iterator[Place]:
    if not item.materials:
        yield "materials", {}


@rule(
    "materials.vague",
    Severity.ERROR,
    Section.MATERIALS,
    "材料“{name}”指向不明，申请人不知道要交什么",
    title="材料指向不明",
)
def _vague(item: Item) -> Iterator[Place]:
    for i, material in enumerate(item.materials):
        if _VAGUE.fullmatch(material.name.strip()):
            yield f"materials[{i}].name", {"name": material.name[:100]}


@rule(
    "materials.twice",
    Severity.WARNING,
    Section.MATERIALS,
    "材料“{name}”列了 {times} 次",
    title="材料重复",
)
def _twice(item: Item) -> Iterator[Place]:
    names = Counter(material.name.strip() for material in item.materials)
    for i, material in enumerate(item.materials):
        if (times := names.pop(material.name.strip(), 0)) > 1:
            yield f"materials[{i}].name", {"name": material.name[:100], "times": times}


@rule(
    "materials.government_holds",
    Severity.HINT,
    Section.MATERIALS,
    "材料“{name}”由政府部门核发，可以共享，却仍要申请人提交",
    title="可共享的政府核发材料仍要提交",
)
def _government_holds(item: Item) -> Iterator[Place]:
    for i, material in enumerate(item.materials):
        if material.source == "政府部门核发" and material.shareable and not material.exempt:
            yield f"materials[{i}].exempt", {"name": material.name[:100]}


@rule(
    "materials.all_required",
    Severity.HINT,
    Section.MATERIALS,
    "{count} 份材料全部必要，名称中却有“或”“之一”“如有”：用情形问题来区分",
    title="互斥的材料全部必要",
)
def _all_required(item: Item) -> Iterator[Place]:
    required = all(material.need is Need.REQUIRED for material in item.materials)
    either = any(re.search(r"之一|如有|或者|的，提供|需提供", m.name) for m in item.materials)
    if len(item.materials) > 1 and required and either and not item.questions:
        yield "materials", {"count": len(item.materials)}


@rule(
    "basis.missing",
    Severity.WARNING,
    Section.BASIS,
    "没有设定依据",
)
def _no_basis(item: Item) -> Iterator[Place]:
    # Public services need no legal basis; powers do.
    if not item.legal_basis and item.kind not in ("20", "16", ""):
        yield "legal_basis", {}


@rule(
    "questions.none_for_permit",
    Severity.WARNING,
    Section.QUESTIONS,
    "行政许可至少要有一条常见问题",
)
def _none_for_permit(item: Item) -> Iterator[Place]:
    if item.kind == PERMIT and not item.faq:
        yield "faq", {}
