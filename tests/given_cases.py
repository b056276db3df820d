"""Brings cases to where a test wants them, by nothing but the acts of the people concerned."""

from collections.abc import Callable
from itertools import count

from tongban import cases, catalogue, documents
from tongban.cases import Stage, Step
from tongban.foundation.actor import Actor, Grant, Kind
from tongban.foundation.work import Work

_serial = count(1)
# Who holds a permission also has the roles that processes name for what it permits.
ROLES = {
    "cases.accept": ("role.clerk",),
    "cases.review": ("role.handler", "role.reviewer", "process.work"),
    "cases.decide": ("role.approver",),
    "cases.deliver": ("role.clerk",),
}


def officer(*permissions: str, department: str = "", region: str = "", name: str = "") -> Actor:
    """An officer who holds exactly these permissions, known to no register."""
    number = next(_serial)
    roles = {role for one in permissions for role in ROLES.get(one, ())}
    grant = Grant(frozenset({"cases.read", *permissions, *roles}), department, region)
    return Actor(f"o-{number}", name or f"干部{number}", grants=(grant,))


def clerk(case: cases.Case) -> Actor:
    return officer("cases.accept", "cases.deliver", department=case.department, name="窗口小李")


def handler(case: cases.Case) -> Actor:
    return officer("cases.review", department=case.department, name="承办老王")


def approver(case: cases.Case) -> Actor:
    return officer("cases.review", "cases.decide", department=case.department, name="批准老赵")


def holder_of(case: cases.Case) -> Actor:
    """The person whose case it is, signed in."""
    grant = Grant(frozenset({"cases.apply", "cases.own", "evaluation.rate"}))
    return Actor(case.holder, "申请人", Kind.PERSON, (grant,), holders=(case.holder,))


def upload(work: Work, *, by: Actor, holder: str = "") -> str:
    """A small PDF, handed in. Every one is different."""
    content = _pdf(f"upload {next(_serial)}")
    with work.acting_as(by):
        stored = documents.store(work, name="材料.pdf", content=content, holder=holder or by.id)
    return str(stored.id)


def filled_for(
    work: Work, item: catalogue.Item, *, by: Actor, holder: str, files: int = 1
) -> cases.Filled:
    """Whatever an item asks for, filled in."""
    return cases.Filled(
        answers={key: _answer(rule) for key, rule in item.form.get("properties", {}).items()},
        materials={
            material.key: tuple(upload(work, by=by, holder=holder) for _ in range(files))
            for material in item.materials
            if material.need == "required" and material.upload and not material.exempt
        },
        choices={question.key: question.choices[0].key for question in item.questions},
        delivery={"way": "pick_up"},
    )


def submitted(
    work: Work, *, item: catalogue.Item, by: Actor, holder: str, files: int = 1
) -> cases.Case:
    with work.acting_as(by):
        filled = filled_for(work, item, by=by, holder=holder, files=files)
        cases.save_draft(work, item_code=item.code, holder=holder, filled=filled)
        return cases.submit(work, item_code=item.code, holder=holder, declared=True)


def brought_to(work: Work, case: cases.Case, *, stage: Stage, step: Step) -> cases.Case:
    """Do the acts that lead a submitted case to a stage."""
    for act in _WAYS[stage]:
        case = act(work, case)
    if stage is Stage.ACCEPTED and not case.instant:
        for _ in range(list(Step).index(step)):
            case = _review(work, case)
    return case


def _accept(work: Work, case: cases.Case) -> cases.Case:
    with work.acting_as(clerk(case)):
        return cases.accept(work, number=case.number)


def _ask(work: Work, case: cases.Case) -> cases.Case:
    with work.acting_as(clerk(case)):
        wanted = [(case.materials[0].key, "看不清，请重新扫描")]
        return cases.request_correction(work, number=case.number, missing=wanted)


def _decline(work: Work, case: cases.Case) -> cases.Case:
    with work.acting_as(clerk(case)):
        return cases.decline(work, number=case.number, reason="不属于本机关职权范围")


def _withdraw(work: Work, case: cases.Case) -> cases.Case:
    with work.acting_as(holder_of(case)):
        return cases.withdraw(work, number=case.number, reason="不办了")


def _lapse(work: Work, case: cases.Case) -> cases.Case:
    from tongban.cases.commands import deem

    now, work.now = work.now, work.now.replace(year=work.now.year + 1)
    try:
        deem.sweep(work)
    finally:
        work.now = now
    return cases.case(work, number=case.number)


def _review(work: Work, case: cases.Case) -> cases.Case:
    with work.acting_as(handler(case)):
        return cases.review(work, number=case.number, opinion="符合条件", agree=True)


def _decide(grant: bool) -> Callable[[Work, cases.Case], cases.Case]:
    def decide(work: Work, case: cases.Case) -> cases.Case:
        if not case.instant:
            case = _review(work, _review(work, case))
        with work.acting_as(approver(case)):
            return cases.decide(
                work, number=case.number, grant=grant, reason="" if grant else "面积不够"
            )

    return decide


def _deliver(work: Work, case: cases.Case) -> cases.Case:
    with work.acting_as(clerk(case)):
        return cases.deliver(work, number=case.number, way="pick_up", receiver="张小明")


def _close(work: Work, case: cases.Case) -> cases.Case:
    with work.acting_as(clerk(case)):
        return cases.close(work, number=case.number)


_GRANTED = (_accept, _decide(grant=True))
_WAYS: dict[Stage, tuple[Callable[[Work, cases.Case], cases.Case], ...]] = {
    Stage.SUBMITTED: (),
    Stage.CORRECTING: (_ask,),
    Stage.ACCEPTED: (_accept,),
    Stage.NOT_ACCEPTED: (_decline,),
    Stage.WITHDRAWN: (_withdraw,),
    Stage.DEEMED_WITHDRAWN: (_ask, _lapse),
    Stage.GRANTED: _GRANTED,
    Stage.REFUSED: (_accept, _decide(grant=False)),
    Stage.DELIVERED: (*_GRANTED, _deliver),
    Stage.CLOSED: (*_GRANTED, _deliver, _close),
}


def _answer(rule: dict[str, object]) -> str:
    options = rule.get("oneOf")
    if isinstance(options, list):
        return str(options[0]["const"])
    if rule.get("type") == "boolean":
        return "on"
    if rule.get("type") in ("number", "integer"):
        return str(rule.get("minimum", 1))
    if rule.get("format") == "date":
        return "2024-06-01"
    return "13800000000" if "pattern" in rule else "说明文字"


def _pdf(text: str) -> bytes:
    """The smallest PDF with one empty page and a comment."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    ]
    out, places = b"%PDF-1.4\n%" + text.encode() + b"\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 4\n0000000000 65535 f \n"
        + table
        + b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    )
