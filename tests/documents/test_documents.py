"""Files and notices in the database: who may add, see, attach and read them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import psycopg
import pytest

from conftest import MONDAY, as_application
from documents import samples
from documents.notices import COMMON, DATA
from tongban import documents
from tongban.documents import File, FileKind, Template
from tongban.documents.subscribers import UNUSED_DAYS, forget_unused
from tongban.foundation.actor import ANONYMOUS, SYSTEM, Actor, Grant, Kind
from tongban.foundation.errors import Forbidden, SignInNeeded
from tongban.foundation.secrets import WrongKey, vault
from tongban.foundation.work import Work

CASE = {
    "case_number": "990100-2406-0000001-X",
    "department": "d-market",
    "region": "990100",
    "holder": "p-1",
}
NOTICE_DATA = {
    key: value
    for key, value in {**COMMON, "mark": "云市监"}.items()
    if key not in ("number", "issued_on", "case_number")
}


def person(number: int) -> Actor:
    allowed = frozenset({"cases.apply", "cases.own"})
    holder = f"p-{number}"
    return Actor(holder, "某人", Kind.PERSON, grants=(Grant(allowed),), holders=(holder,))


def officer(department: str = "d-market", region: str = "") -> Actor:
    allowed = frozenset({"cases.accept", "cases.read", "cases.decide"})
    return Actor(f"o-{department}{region}", "某官", grants=(Grant(allowed, department, region),))


LIN, WANG = person(1), person(2)
MARKET, WATER = officer("d-market"), officer("d-water")
CITY_WINDOW, OTHER_CITY = officer("", "9901"), officer("", "9902")
FOLLOWER = Actor("case", "凭查询码", Kind.CASE, case_number=CASE["case_number"])


def uploaded(work: Work, *, by: Actor = LIN, holder: str = "p-1", name: str = "身份证.pdf") -> File:
    with work.acting_as(by):
        return documents.store(work, name=name, content=samples.pdf(), holder=holder)


def attached(work: Work, *files: File) -> list[File]:
    with work.acting_as(LIN):
        return documents.attach(
            work,
            files=[file.id for file in files],
            case_number=CASE["case_number"],
            department=CASE["department"],
            region=CASE["region"],
        )


def issued(work: Work, *, by: Actor = SYSTEM, template: str = "grant", **owner: str) -> File:
    with work.acting_as(by):
        return documents.issue(
            work,
            template=template,
            data={**NOTICE_DATA, **DATA[Template(template)]},
            **{**CASE, **owner},
        )


def sees(work: Work, actor: Actor, file: UUID) -> bool:
    """Whether the actor can get at the file, its bytes, or its row in the database."""
    with work.acting_as(actor):
        try:
            documents.read(work, id=file)
        except (documents.NoSuchFile, Forbidden):
            assert work.value("select count(*) from documents.file where id = %(f)s", f=file) == 0
            assert work.value("select count(*) from documents.content") == 0
            assert documents.files(work, ids=[file]) == []
            return False
        return True


class TestUploads:
    def test_what_was_handed_in_is_read_back_as_it_was(self, work: Work) -> None:
        file = uploaded(work, name="../身份证.JPG")
        with work.acting_as(LIN):
            assert documents.file(work, id=file.id) == file
            assert documents.read(work, id=file.id) == samples.pdf()
        assert (file.name, file.media_type, file.kind) == (
            "身份证.pdf",
            "application/pdf",
            FileKind.UPLOAD,
        )
        assert file.size == len(samples.pdf())

    def test_what_was_handed_in_lies_encrypted_in_the_database(self, work: Work) -> None:
        file = uploaded(work)
        stored = bytes(work.value("select bytes from documents.content where sealed"))
        assert len(stored) == file.size + 28  # A nonce and a tag stand before it.
        assert samples.pdf()[:20] not in stored
        with pytest.raises(WrongKey):
            vault().unseal(stored, bound_to=b"another file")

    def test_what_was_stored_before_files_were_encrypted_is_still_read(self, work: Work) -> None:
        plain = samples.pdf(extra=b"(old)")
        digest = sha256(plain).digest()
        work.run(
            "insert into documents.content (sha256, bytes) values (%(sha256)s, %(bytes)s)",
            sha256=digest,
            bytes=plain,
        )
        with work.acting_as(LIN):
            file = documents.store(work, name="旧.pdf", content=plain, holder="p-1")
            assert documents.read(work, id=file.id) == plain

    def test_every_upload_is_in_the_trace_without_its_name(self, work: Work) -> None:
        file = uploaded(work)
        found = work.value(
            "select body::text from foundation.event where subject = %(id)s", id=str(file.id)
        )
        assert file.sha256 in found
        assert "身份证" not in found

    def test_a_refused_upload_leaves_nothing(self, work: Work) -> None:
        with work.acting_as(LIN), pytest.raises(documents.FileRefused) as refused:
            documents.store(work, name="空.pdf", content=b"", holder="p-1")
        assert [problem.field for problem in refused.value.problems] == ["file"]
        assert "“空.pdf”是空文件" in str(refused.value)
        assert work.value("select count(*) from documents.content") == 0

    def test_the_same_bytes_are_kept_once_even_where_the_first_cannot_be_seen(
        self, work: Work
    ) -> None:
        first = uploaded(work)
        second = uploaded(work, by=WANG, holder="p-2")
        assert first.id != second.id
        assert work.value("select count(*) from documents.content") == 1
        with work.acting_as(WANG):
            assert documents.read(work, id=second.id) == samples.pdf()

    def test_nobody_hands_in_for_somebody_they_may_not_act_for(self, work: Work) -> None:
        with pytest.raises(Forbidden):
            uploaded(work, by=LIN, holder="p-2")
        with pytest.raises(SignInNeeded):
            uploaded(work, by=ANONYMOUS)
        with pytest.raises(Forbidden):
            uploaded(work, by=Actor("o-9", "无权", grants=(Grant(frozenset({"cases.read"})),)))

    def test_an_officer_takes_in_papers_for_a_person(self, work: Work) -> None:
        file = uploaded(work, by=MARKET, holder="p-2")
        assert sees(work, MARKET, file.id)
        assert sees(work, WANG, file.id)
        assert not sees(work, WATER, file.id)

    def test_twenty_megabytes_go_in_and_out(self, work: Work) -> None:
        content = samples.pdf() + b"%" + bytes(documents.SIZE_MAX - len(samples.pdf()) - 1)
        with work.acting_as(LIN):
            file = documents.store(work, name="大.pdf", content=content, holder="p-1")
            assert documents.read(work, id=file.id) == content


class TestRowLevelSecurity:
    """The database itself shows a file to nobody whom it does not concern."""

    def test_an_unattached_upload_is_its_holders_alone(self, work: Work) -> None:
        file = uploaded(work)
        seeing = {
            who.id
            for who in (LIN, WANG, MARKET, WATER, CITY_WINDOW, ANONYMOUS, FOLLOWER)
            if sees(work, who, file.id)
        }
        assert seeing == {LIN.id}

    def test_an_attached_upload_is_seen_by_the_department_and_the_region_of_the_case(
        self, work: Work
    ) -> None:
        [file] = attached(work, uploaded(work))
        everybody = (LIN, WANG, MARKET, WATER, CITY_WINDOW, OTHER_CITY, ANONYMOUS, FOLLOWER)
        assert {who.id for who in everybody if sees(work, who, file.id)} == {
            LIN.id,
            MARKET.id,
            CITY_WINDOW.id,
        }

    def test_without_work_there_are_no_rows(
        self, work: Work, connection: "psycopg.Connection[tuple[object, ...]]"
    ) -> None:
        attached(work, uploaded(work))
        connection.execute("select set_config('tongban.kind', '', true)")
        assert connection.execute("select count(*) from documents.file").fetchone() == (0,)
        assert connection.execute("select count(*) from documents.content").fetchone() == (0,)

    def test_nobody_writes_a_file_into_another_name(self, work: Work) -> None:
        file = uploaded(work)
        refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
        with work.acting_as(WANG), refused, work.savepoint():
            work.run(
                """
                insert into documents.file (id, sha256, name, media_type, size, kind, holder,
                                            unused_since, created_at, created_by)
                values (%(id)s, decode(%(sha)s, 'hex'), 'a', 'a', 1, 'upload', 'p-1', now(), now(),
                        'p-2')
                """,
                id=uuid4(),
                sha=file.sha256,
            )

    def test_nobody_but_the_system_deletes(self, work: Work) -> None:
        file = uploaded(work)
        for who in (LIN, MARKET):
            with work.acting_as(who):
                assert work.run("delete from documents.file where id = %(id)s", id=file.id) == 0
                assert work.run("delete from documents.content") == 0


class TestAttaching:
    def test_files_become_part_of_a_case_in_the_order_given(self, work: Work) -> None:
        first, second = uploaded(work, name="乙.pdf"), uploaded(work, name="甲.pdf")
        found = attached(work, second, first)
        assert [file.id for file in found] == [second.id, first.id]
        with work.acting_as(MARKET):
            of_case = documents.files_of_case(work, case_number=CASE["case_number"])
            asked = documents.files(work, ids=[second.id, uuid4(), first.id])
        assert {file.id for file in of_case} == {first.id, second.id}
        assert [file.id for file in asked] == [second.id, first.id]

    def test_attaching_again_changes_nothing(self, work: Work) -> None:
        file = uploaded(work)
        assert attached(work, file) == attached(work, file)

    def test_a_file_of_one_case_goes_into_no_other(self, work: Work) -> None:
        [file] = attached(work, uploaded(work))
        with work.acting_as(LIN), pytest.raises(documents.FileInOtherCase, match="身份证"):
            documents.attach(
                work, files=[file.id], case_number="other", department="d", region="990100"
            )

    def test_somebody_elses_file_does_not_exist(self, work: Work) -> None:
        other = uploaded(work, by=WANG, holder="p-2")
        with pytest.raises(documents.NoSuchFile):
            attached(work, other)

    def test_an_officer_attaches_in_their_own_department_only(self, work: Work) -> None:
        file = uploaded(work, by=MARKET, holder="p-2")
        with work.acting_as(MARKET), pytest.raises(Forbidden):
            documents.attach(
                work, files=[file.id], case_number="n", department="d-water", region="990100"
            )


class TestForgetting:
    @contextmanager
    def later(self, work: Work, days: int) -> Iterator[None]:
        work.now = MONDAY + timedelta(days=days)
        yield
        work.now = MONDAY

    def forgotten(self, work: Work, file: File, *, days: int = UNUSED_DAYS + 1) -> bool:
        with self.later(work, days):
            forget_unused(work, {})
        return work.value("select id from documents.file where id = %(id)s", id=file.id) is None

    def test_an_upload_that_nobody_needed_is_forgotten_with_its_bytes(self, work: Work) -> None:
        file = uploaded(work)
        assert not self.forgotten(work, file, days=UNUSED_DAYS)
        assert self.forgotten(work, file)
        assert work.value("select count(*) from documents.content") == 0
        assert work.value("select topic from foundation.event where subject = 'documents'") == (
            "documents.UnusedFilesForgotten"
        )

    def test_bytes_that_another_file_has_too_are_kept(self, work: Work) -> None:
        kept, dropped = uploaded(work), uploaded(work)
        attached(work, kept)
        assert self.forgotten(work, dropped)
        with work.acting_as(LIN):
            assert documents.read(work, id=kept.id) == samples.pdf()

    def test_what_a_draft_holds_is_kept_until_the_draft_lets_it_go(self, work: Work) -> None:
        first, second = uploaded(work), uploaded(work)
        with work.acting_as(LIN):
            documents.hold(work, files=[first.id, second.id], draft="p-1/item")
            documents.hold(work, files=[second.id], draft="p-1/item")
        assert self.forgotten(work, first)
        assert not self.forgotten(work, second)
        with work.acting_as(LIN):
            documents.hold(work, files=[], draft="p-1/item")
        assert self.forgotten(work, second)

    def test_a_draft_holds_no_file_of_somebody_else_or_of_another_draft(self, work: Work) -> None:
        file = uploaded(work)
        with work.acting_as(WANG), pytest.raises(documents.NoSuchFile):
            documents.hold(work, files=[file.id], draft="p-2/item")
        with work.acting_as(LIN):
            documents.hold(work, files=[file.id], draft="p-1/item")
            with pytest.raises(documents.NoSuchFile):
                documents.hold(work, files=[file.id], draft="p-1/other")

    def test_it_is_asked_for_again_every_night_once(self, work: Work) -> None:
        documents.schedule_forgetting(work)
        forget_unused(work, {})
        due = work.value(
            "select array_agg(due_at) from foundation.job where kind = 'documents.forget_unused'"
        )
        assert len(due) == 1
        assert timedelta() < due[0] - MONDAY <= timedelta(days=1)


class TestNotices:
    def test_a_notice_is_numbered_dated_and_stored_in_its_case(self, work: Work) -> None:
        file = issued(work, by=MARKET)
        assert file.number == "云市监准字〔2024〕1号"
        assert file.title == "准予决定书"
        assert file.name == "准予决定书（云市监准字〔2024〕1号）.pdf"
        assert (file.kind, file.case_number) == (FileKind.NOTICE, CASE["case_number"])
        with work.acting_as(LIN):
            assert documents.read(work, id=file.id).startswith(b"%PDF")
        topics = work.value(
            "select array_agg(topic) from foundation.event where subject = %(n)s",
            n=CASE["case_number"],
        )
        assert topics == ["documents.NoticeIssued"]

    def test_numbers_run_by_department_kind_and_year(self, work: Work) -> None:
        numbers = [
            issued(work).number,
            issued(work).number,
            issued(work, template="refusal").number,
            issued(work, department="d-water").number,
        ]
        work.now += timedelta(days=365)
        numbers.append(issued(work).number)
        assert numbers == [
            "云市监准字〔2024〕1号",
            "云市监准字〔2024〕2号",
            "云市监不准字〔2024〕1号",
            "云市监准字〔2024〕1号",
            "云市监准字〔2025〕1号",
        ]

    def test_who_follows_the_case_sees_its_notices_but_not_the_papers(self, work: Work) -> None:
        [paper] = attached(work, uploaded(work))
        notice = issued(work)
        assert sees(work, FOLLOWER, notice.id)
        with work.acting_as(FOLLOWER):
            assert documents.files(work, ids=[paper.id, notice.id]) == [notice]
            with pytest.raises(documents.NoSuchFile):
                documents.read(work, id=paper.id)

    def test_a_person_brings_forth_a_receipt_but_no_decision(self, work: Work) -> None:
        assert issued(work, by=LIN, template="submission_receipt").holder == "p-1"
        with pytest.raises(Forbidden):
            issued(work, by=LIN, template="grant")
        with pytest.raises(Forbidden):
            issued(work, by=WANG, template="submission_receipt")

    def test_an_officer_issues_in_their_own_department_only(self, work: Work) -> None:
        with pytest.raises(Forbidden):
            issued(work, by=WATER)

    def test_a_title_may_be_given_by_the_case(self, work: Work) -> None:
        file = documents.issue(
            work,
            template="refusal",
            data={**NOTICE_DATA, **DATA[Template.REFUSAL], "verdict": "不予发放"},
            title="不予给付决定书",
            **CASE,
        )
        assert file.name.startswith("不予给付决定书（")

    def test_departments_that_issue_at_once_never_share_a_number(self, own_database: str) -> None:
        numbers: list[str] = []

        def issue_some() -> None:
            with as_application(own_database) as connection:
                for _ in range(4):
                    work = Work(connection, actor=SYSTEM, now=MONDAY)
                    number = issued(work).number
                    connection.commit()
                    numbers.append(number)

        threads = [threading.Thread(target=issue_some) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(numbers) == 16
        assert set(numbers) == {f"云市监准字〔2024〕{serial}号" for serial in range(1, 17)}
