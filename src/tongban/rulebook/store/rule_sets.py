"""How rule sets and their versions are kept."""

import re
from datetime import date

import msgspec
import psycopg

from tongban.foundation.work import Work
from tongban.rulebook.model.rule_set import (
    ChangedMeanwhile,
    CodeTaken,
    DateTaken,
    NoSuchRuleSet,
    RuleSet,
    Status,
    Version,
)
from tongban.rulebook.model.running import ENCODER

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def hold(work: Work, code: str) -> None:
    """Hold a rule set until the transaction ends: every act on it and its versions waits here.

    :raises NoSuchRuleSet: if there is none with this code.
    """
    if not work.run("select from rulebook.rule_set where code = %(code)s for update", code=code):
        raise NoSuchRuleSet(code=code)


def add_rule_set(work: Work, rule_set: RuleSet) -> None:
    new = work.run(
        """
        insert into rulebook.rule_set (code, name, purpose, summary, department, department_name,
                                       region, favour, limits, share_rechecked, created_at)
        values (%(code)s, %(name)s, %(purpose)s, %(summary)s, %(department)s, %(department_name)s,
                %(region)s, %(favour)s::jsonb, %(limits)s::jsonb, %(share)s, %(now)s)
        on conflict do nothing
        """,
        code=rule_set.code,
        name=rule_set.name.strip(),
        purpose=rule_set.purpose.value,
        summary=rule_set.summary.strip(),
        department=rule_set.department,
        department_name=rule_set.department_name,
        region=rule_set.region,
        favour=_json(rule_set.favour),
        limits=_json(rule_set.limits),
        share=rule_set.share_rechecked,
        now=work.now,
    )
    if not new:
        raise CodeTaken(code=rule_set.code)


def save_settings(work: Work, rule_set: RuleSet) -> None:
    work.run(
        """
        update rulebook.rule_set
           set favour = %(favour)s::jsonb, limits = %(limits)s::jsonb, share_rechecked = %(share)s
         where code = %(code)s
        """,
        code=rule_set.code,
        favour=_json(rule_set.favour),
        limits=_json(rule_set.limits),
        share=rule_set.share_rechecked,
    )


def switch(work: Work, code: str, *, off: bool, reason: str) -> None:
    work.run(
        """
        update rulebook.rule_set
           set switched_off = %(off)s, switch_reason = %(reason)s, switched_by = %(actor)s,
               switched_at = %(now)s
         where code = %(code)s
        """,
        code=code,
        off=off,
        reason=reason,
        actor=work.actor.id,
        now=work.now,
    )


def bind(work: Work, rule_set: RuleSet, item_code: str) -> bool:
    """Bind a rule set to an item; return whether that is new."""
    return bool(
        work.run(
            """
            insert into rulebook.binding as old (item_code, purpose, rule_set_code)
            values (%(item_code)s, %(purpose)s, %(code)s)
            on conflict (item_code, purpose) do update set rule_set_code = excluded.rule_set_code
             where old.rule_set_code <> excluded.rule_set_code
            """,
            item_code=item_code,
            purpose=rule_set.purpose.value,
            code=rule_set.code,
        )
    )


def unbind(work: Work, code: str, item_code: str) -> bool:
    return bool(
        work.run(
            """
            delete from rulebook.binding
             where item_code = %(item_code)s and rule_set_code = %(code)s
            """,
            item_code=item_code,
            code=code,
        )
    )


def add_version(work: Work, version: Version) -> None:
    work.run(
        """
        insert into rulebook.version (rule_set_code, version, status, dmn, decision, tests, note,
                                      content_hash, author, author_name, changed_at)
        values (%(code)s, %(version)s, 'draft', %(dmn)s, %(decision)s, %(tests)s::json, %(note)s,
                %(hash)s, %(author)s, %(author_name)s, %(now)s)
        """,
        **_content(version),
        now=work.now,
    )


def save_draft(work: Work, version: Version) -> None:
    work.run(
        """
        update rulebook.version
           set dmn = %(dmn)s, decision = %(decision)s, tests = %(tests)s::json, note = %(note)s,
               content_hash = %(hash)s, author = %(author)s, author_name = %(author_name)s,
               revision = %(revision)s, changed_at = %(now)s
         where rule_set_code = %(code)s and version = %(version)s
        """,
        **_content(version),
        revision=version.revision,
        now=work.now,
    )


def must_be_unchanged(present: Version, revision: int) -> None:
    """Refuse a change to a draft that somebody else changed since it was read.

    :raises ChangedMeanwhile: naming who.
    """
    if present.revision != revision:
        raise ChangedMeanwhile(version=present.version, name=present.author_name)


def set_status(work: Work, version: Version, status: Status) -> None:
    work.run(
        """
        update rulebook.version set status = %(status)s
         where rule_set_code = %(code)s and version = %(version)s
        """,
        code=version.rule_set_code,
        version=version.version,
        status=status.value,
    )


def save_review(work: Work, version: Version, status: Status, comment: str) -> None:
    work.run(
        """
        update rulebook.version
           set status = %(status)s, reviewer = %(reviewer)s, reviewer_name = %(name)s,
               review_comment = %(comment)s, reviewed_at = %(now)s
         where rule_set_code = %(code)s and version = %(version)s
        """,
        code=version.rule_set_code,
        version=version.version,
        status=status.value,
        reviewer=work.actor.id,
        name=work.actor.name,
        comment=comment,
        now=work.now,
    )


def publish(work: Work, version: Version, since: date, until: date | None) -> None:
    """Write the dates of a version.

    :raises DateTaken: if another published version begins on that day.
    """
    try:
        with work.savepoint():
            work.run(
                """
                update rulebook.version
                   set status = 'published', effective_from = %(since)s,
                       effective_until = %(until)s, published_by = %(actor)s,
                       published_at = %(now)s
                 where rule_set_code = %(code)s and version = %(version)s
                """,
                code=version.rule_set_code,
                version=version.version,
                since=since,
                until=until,
                actor=work.actor.id,
                now=work.now,
            )
    except psycopg.errors.UniqueViolation:
        raise DateTaken(day=since) from None


def withdraw(work: Work, version: Version, day: date, reason: str) -> None:
    work.run(
        """
        update rulebook.version
           set status = 'withdrawn', withdrawn_from = %(day)s, withdraw_reason = %(reason)s
         where rule_set_code = %(code)s and version = %(version)s
        """,
        code=version.rule_set_code,
        version=version.version,
        day=day,
        reason=reason,
    )


def _content(version: Version) -> dict[str, object]:
    return {
        "code": version.rule_set_code,
        "version": version.version,
        "dmn": version.dmn,
        "decision": version.decision,
        "tests": ENCODER.encode(version.tests).decode(),
        "note": version.note,
        "hash": version.content_hash,
        "author": version.author,
        "author_name": version.author_name,
    }


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
