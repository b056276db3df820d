-- Rule sets as law has them: versions with dates and reviewers, the items they decide, and every
-- evaluation with its facts, so that any past decision can be repeated exactly.
--
-- Rule sets and versions are official knowledge without personal data, so they have no row-level
-- security; evaluations, rechecks and choices are about people, and have it.

create schema rulebook;
grant usage on schema rulebook to tongban_app;

create table rulebook.rule_set (
    code             text        primary key check (code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
    name             text        not null check (length(name) between 1 and 200),
    purpose          text        not null check (purpose in
                     ('eligibility', 'scenario', 'instant', 'discretion', 'risk')),
    summary          text        not null default '',
    department       text        not null,
    department_name  text        not null,
    region           text        not null,
    favour           jsonb       not null default '{}',
    limits           jsonb       not null default '[]',
    share_rechecked  numeric     not null default 0 check (share_rechecked between 0 and 1),
    switched_off     boolean     not null default false,
    switch_reason    text        not null default '',
    switched_by      text        not null default '',
    switched_at      timestamptz,
    latest           int         not null default 0,
    created_at       timestamptz not null
);
comment on column rulebook.rule_set.favour is 'Which results are better for the person: {output, order} with the best last.';
comment on column rulebook.rule_set.limits is 'Beyond which a person decides: [{fact, most, label}].';
comment on column rulebook.rule_set.share_rechecked is 'Share of instant approvals that a person checks again.';
create index rule_set_department on rulebook.rule_set (department, code);
grant select, insert, update on rulebook.rule_set to tongban_app;

create table rulebook.version (
    rule_set_code   text        not null references rulebook.rule_set,
    version         int         not null check (version > 0),
    status          text        not null check (status in
                    ('draft', 'in_review', 'approved', 'published', 'withdrawn')),
    dmn             text        not null,
    decision        text        not null,
    tests           json        not null default '[]',
    note            text        not null default '',
    content_hash    bytea       not null,
    revision        int         not null default 1,
    author          text        not null,
    author_name     text        not null,
    changed_at      timestamptz not null,
    reviewer        text        not null default '',
    reviewer_name   text        not null default '',
    review_comment  text        not null default '',
    reviewed_at     timestamptz,
    effective_from  date,
    effective_until date,
    published_by    text        not null default '',
    published_at    timestamptz,
    withdrawn_from  date,
    withdraw_reason text        not null default '',
    primary key (rule_set_code, version),
    check (status in ('draft', 'in_review', 'approved') or effective_from is not null),
    check (effective_until is null or effective_until >= effective_from),
    check (status <> 'published' or reviewer not in ('', author))
);
comment on column rulebook.version.tests is 'Named cases with facts and what must come out; all pass before publishing.';
-- Only one version can come into force on a day, whatever two publishers do at once.
create unique index version_date on rulebook.version (rule_set_code, effective_from)
    where status = 'published';
-- A reviewed version is a legal text: what it says cannot change any more, only its state.
create function rulebook.keep_content() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.status <> 'draft' and
       (new.dmn, new.decision, new.tests::text, new.content_hash, new.author)
       is distinct from (old.dmn, old.decision, old.tests::text, old.content_hash, old.author) then
        raise exception 'only a draft can change';
    end if;
    return new;
end $$;
create trigger keep_content before update or delete on rulebook.version
    for each row execute function rulebook.keep_content();
grant select, insert, update on rulebook.version to tongban_app;

create table rulebook.binding (
    item_code     text not null,
    purpose       text not null,
    rule_set_code text not null references rulebook.rule_set,
    primary key (item_code, purpose)
);
create index binding_rule_set on rulebook.binding (rule_set_code);
comment on table rulebook.binding is 'Which rule set decides what about which service item.';
grant select, insert, update, delete on rulebook.binding to tongban_app;

create table rulebook.evaluation (
    id            uuid        primary key,
    rule_set_code text        not null,
    version       int         not null,
    content_hash  bytea       not null,
    number        text        not null default '',
    item_code     text        not null default '',
    region        text        not null default '',
    department    text        not null default '',
    holder        text        not null default '',
    result        json        not null,
    fired         int[]       not null,
    missing       text[]      not null,
    to_a_person   boolean     not null,
    granted       boolean,
    sealed        bytea       not null,
    actor         text        not null,
    evaluated_at  timestamptz not null,
    foreign key (rule_set_code, version) references rulebook.version
);
comment on column rulebook.evaluation.number is 'The case it was about, or empty.';
comment on column rulebook.evaluation.granted is 'For instant approvals: whether it was granted, or went to a person.';
comment on column rulebook.evaluation.sealed is 'Facts with their sources and dates, rules that applied and reasons: encrypted, as they may be personal.';
create index evaluation_rule_set on rulebook.evaluation (rule_set_code, evaluated_at, id);
create index evaluation_number on rulebook.evaluation (number, evaluated_at) where number <> '';
create trigger append_only before update or delete on rulebook.evaluation
    for each row execute function foundation.refuse_change();
create trigger append_only_truncate before truncate on rulebook.evaluation
    for each statement execute function foundation.refuse_change();
alter table rulebook.evaluation enable row level security;
alter table rulebook.evaluation force row level security;
create policy reading on rulebook.evaluation for select using (
    (select foundation.kind()) = 'system'
    or holder <> '' and holder = any ((select foundation.holders())::text[])
    or department <> '' and department = any ((select foundation.departments())::text[])
    or (select foundation.kind()) = 'officer' and region like any ((select foundation.regions())::text[])
    or number <> '' and number = (select foundation.subject())
);
create policy recording on rulebook.evaluation for insert with check ((select foundation.kind()) is not null);
grant select, insert on rulebook.evaluation to tongban_app;

create table rulebook.recheck (
    evaluation    uuid        primary key references rulebook.evaluation,
    rule_set_code text        not null references rulebook.rule_set,
    number        text        not null,
    region        text        not null,
    department    text        not null,
    opened_at     timestamptz not null,
    agreed        boolean,
    note          text        not null default '',
    checked_by    text        not null default '',
    checked_name  text        not null default '',
    checked_at    timestamptz,
    check ((agreed is null) = (checked_at is null))
);
comment on table rulebook.recheck is 'Instant approvals drawn by lot, which a person checks again.';
create index recheck_open on rulebook.recheck (rule_set_code, opened_at) where agreed is null;
alter table rulebook.recheck enable row level security;
alter table rulebook.recheck force row level security;
-- Whoever applies must not learn from the table that the lot fell on them; officers must.
create policy seeing on rulebook.recheck for select using (
    (select foundation.kind()) = 'system'
    or (select foundation.kind()) = 'officer'
       and (department = any ((select foundation.departments())::text[])
            or region like any ((select foundation.regions())::text[]))
);
create policy drawing on rulebook.recheck for insert with check ((select foundation.kind()) is not null);
create policy checking on rulebook.recheck for update using (
    (select foundation.kind()) = 'system'
    or (select foundation.kind()) = 'officer'
       and (department = any ((select foundation.departments())::text[])
            or region like any ((select foundation.regions())::text[]))
);
grant select, insert, update on rulebook.recheck to tongban_app;

create table rulebook.choice (
    evaluation     uuid        primary key references rulebook.evaluation,
    rule_set_code  text        not null references rulebook.rule_set,
    number         text        not null,
    region         text        not null,
    department     text        not null,
    holder         text        not null,
    chosen         numeric     not null,
    least          numeric,
    most           numeric,
    deviates       boolean     not null,
    reasons        text        not null default '',
    chosen_by      text        not null,
    chosen_name    text        not null,
    chosen_at      timestamptz not null,
    confirmed_by   text        not null default '',
    confirmed_name text        not null default '',
    confirmed_at   timestamptz,
    check (not deviates or length(reasons) >= 10),
    check (confirmed_by <> chosen_by)
);
comment on table rulebook.choice is 'What was chosen within, or with reasons and a second person outside, the discretion standard.';
create index choice_number on rulebook.choice (number);
alter table rulebook.choice enable row level security;
alter table rulebook.choice force row level security;
create policy seeing on rulebook.choice for select using (
    (select foundation.kind()) = 'system'
    or holder <> '' and holder = any ((select foundation.holders())::text[])
    or (select foundation.kind()) = 'officer'
       and (department = any ((select foundation.departments())::text[])
            or region like any ((select foundation.regions())::text[]))
);
create policy choosing on rulebook.choice for insert with check ((select foundation.kind()) in ('officer', 'system'));
create policy confirming on rulebook.choice for update using (
    (select foundation.kind()) = 'system'
    or (select foundation.kind()) = 'officer'
       and (department = any ((select foundation.departments())::text[])
            or region like any ((select foundation.regions())::text[]))
);
grant select, insert, update on rulebook.choice to tongban_app;

create table rulebook.replay (
    id            uuid        primary key,
    rule_set_code text        not null,
    version       int         not null,
    since         date        not null,
    until         date        not null,
    region        text        not null,
    department    text        not null,
    total         int         not null,
    done          int         not null default 0,
    cursor_at     timestamptz,
    cursor_id     uuid,
    counts        jsonb       not null default '{}',
    changes       json        not null default '[]',
    asked_by      text        not null,
    asked_name    text        not null,
    asked_at      timestamptz not null,
    finished_at   timestamptz,
    foreign key (rule_set_code, version) references rulebook.version
);
create index replay_rule_set on rulebook.replay (rule_set_code, asked_at desc);
alter table rulebook.replay enable row level security;
alter table rulebook.replay force row level security;
create policy seeing on rulebook.replay for select using (
    (select foundation.kind()) = 'system'
    or (select foundation.kind()) = 'officer'
       and (department = any ((select foundation.departments())::text[])
            or region like any ((select foundation.regions())::text[]))
);
create policy asking on rulebook.replay for insert with check ((select foundation.kind()) in ('officer', 'system'));
create policy going_on on rulebook.replay for update using ((select foundation.kind()) = 'system');
grant select, insert, update on rulebook.replay to tongban_app;
