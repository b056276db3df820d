-- The process engine: definitions, and instances as rows. A step touches the rows of its own token and
-- no others, so it costs the same at any age of a case and beside any number of parallel branches.
--
-- Everything of an instance begins with its region and month, like the tables of cases, so that it can be
-- partitioned by them. Parts have no foreign key to their instance: its check would lock the instance for
-- every token. Whoever may act on a work item is asked by the commands; beneath them, only somebody known
-- sees anything, because a join must count the tokens of departments that cannot see each other's work.

create schema process;
grant usage on schema process to tongban_app;

create sequence process.instance_id;
-- Each command takes a block of numbers for its tokens with a single call.
create sequence process.token_id increment 64 start 64;
grant usage on sequence process.instance_id, process.token_id to tongban_app;

create table process.definition (
    id              bigint      primary key,
    process         text        not null check (length(process) between 1 and 200),
    version         int         not null check (version > 0),
    name            text        not null,
    department      text        not null,
    region          text        not null,
    hash            bytea       not null unique check (length(hash) = 32),
    bpmn            text        not null,
    note            text        not null default '',
    published_by    text        not null,
    published_name  text        not null,
    published_at    timestamptz not null,
    unique (process, version)
);
comment on table process.definition is 'What runs: immutable, found by the hash of its content, of which id is the beginning.';
create trigger append_only before update or delete on process.definition
    for each row execute function foundation.refuse_change();
create trigger append_only_truncate before truncate on process.definition
    for each statement execute function foundation.refuse_change();
grant select, insert on process.definition to tongban_app;

create table process.entry (
    definition bigint not null references process.definition,
    node       text   not null,
    kind       text   not null check (kind in ('message', 'signal', 'timer')),
    name       text   not null,
    primary key (definition, node)
);
comment on table process.entry is 'Start events with a trigger: what begins an instance by itself.';
create index entry_name on process.entry (kind, name);
grant select, insert on process.entry to tongban_app;

create table process.instance (
    region     text        not null check (region ~ '^[0-9]{6}$'),
    month      int         not null,
    id         bigint      not null,
    number     text        not null,
    definition bigint      not null,
    department text        not null,
    holder     text        not null default '',
    state      text        not null check (state in ('running', 'suspended', 'ended')),
    outcome    text        check (outcome in ('completed', 'terminated', 'error', 'cancelled')),
    started_at timestamptz not null,
    ended_at   timestamptz,
    primary key (region, month, id),
    check ((state = 'ended') = (outcome is not null) and (state = 'ended') = (ended_at is not null))
);
create unique index instance_number on process.instance (region, month, number);
create index instance_definition on process.instance (definition, state) where state <> 'ended';
comment on column process.instance.number is 'What it is about: the number of the case, or another business key.';

create table process.token (
    region     text        not null,
    month      int         not null,
    instance   bigint      not null,
    id         bigint      not null,
    definition bigint      not null,
    node       text        not null,
    state      text        not null check (state in ('work', 'event', 'job', 'failed', 'scope', 'turns')),
    sweeping   boolean     not null,
    scopes     bigint[],
    home       bigint,
    turn       int,
    department text,
    role       text,
    assignee   text,
    assignee_name text,
    due_at     timestamptz,
    born_at    timestamptz not null,
    helps      bigint,
    attempts   int,
    error      text,
    primary key (region, month, instance, id)
);
create index token_worklist on process.token (department, role, due_at, id) where state = 'work';
create index token_assignee on process.token (assignee, due_at, id) where assignee is not null;
create index token_job on process.token (state, born_at) where state in ('job', 'failed');
comment on table process.token is 'What an instance waits for. Tokens that wait for a person are the work items.';
comment on column process.token.sweeping is 'Moving on may remove other tokens, so it is done under a lock of the whole instance.';
comment on column process.token.scopes is 'The tokens of the scopes around, the outermost first; null in the process itself.';

create table process.gathering (
    region     text     not null,
    month      int      not null,
    instance   bigint   not null,
    scope      bigint   not null,
    node       text     not null,
    definition bigint   not null,
    scopes     bigint[],
    home       bigint,
    arrived    int[]    not null,
    needed     int      not null default 0,
    primary key (region, month, instance, scope, node)
);
comment on table process.gathering is 'Joins, and activities done several times: what has arrived there. The row that parallel branches meet at.';

create table process.variable (
    region   text   not null,
    month    int    not null,
    instance bigint not null,
    scope    bigint not null,
    shape    bigint not null,
    id       bigint not null,
    at       bigint not null,
    data     jsonb  not null,
    primary key (region, month, instance, scope, shape, id)
) with (fillfactor = 80);
comment on table process.variable is 'What was written together. Later rows (at) hide earlier ones; a row with the same names (shape) is overwritten unless another branch holds it.';

create table process.alarm (
    region     text        not null,
    month      int         not null,
    instance   bigint      not null,
    token      bigint      not null,
    node       text        not null,
    definition bigint      not null,
    scopes     bigint[],
    home       bigint,
    due_at     timestamptz not null,
    fired      int         not null default 0,
    sweeping   boolean     not null,
    attempts   int         not null default 0,
    error      text,
    primary key (region, month, instance, token, node)
);
create index alarm_due on process.alarm (due_at) where attempts < 8;
comment on table process.alarm is 'Timers. The worker takes those that are due.';

create table process.subscription (
    region     text     not null,
    month      int      not null,
    instance   bigint   not null,
    token      bigint   not null,
    node       text     not null,
    definition bigint   not null,
    scopes     bigint[],
    home       bigint,
    kind       text     not null check (kind in ('message', 'signal')),
    name       text     not null,
    key        text     not null default '',
    sweeping   boolean  not null,
    primary key (region, month, instance, token, node)
);
create index subscription_name on process.subscription (kind, name, key);

create table process.history (
    region     text        not null,
    month      int         not null,
    instance   bigint      not null,
    id         bigint      not null,
    act        text        not null,
    node       text        not null,
    path       text        not null,
    actor      text        not null,
    actor_name text        not null,
    since      timestamptz,
    at         timestamptz not null,
    note       text,
    data       jsonb,
    primary key (region, month, instance, id)
);
comment on table process.history is 'Each act on an instance: where, by whom, waiting since when, what was given, and the nodes then passed. Only grows.';
create trigger append_only before update or delete on process.history
    for each row execute function foundation.refuse_change();
create trigger append_only_truncate before truncate on process.history
    for each statement execute function foundation.refuse_change();
grant select, insert on process.history to tongban_app;

grant select, insert, update on process.instance to tongban_app;
grant select, insert, update, delete
    on process.token, process.gathering, process.variable, process.alarm, process.subscription to tongban_app;

alter table process.instance enable row level security;
alter table process.instance force row level security;
create policy known on process.instance using ((select foundation.kind()) in ('system', 'officer', 'person'));
alter table process.token enable row level security;
alter table process.token force row level security;
create policy known on process.token using ((select foundation.kind()) in ('system', 'officer', 'person'));
alter table process.gathering enable row level security;
alter table process.gathering force row level security;
create policy known on process.gathering using ((select foundation.kind()) in ('system', 'officer', 'person'));
alter table process.variable enable row level security;
alter table process.variable force row level security;
create policy known on process.variable using ((select foundation.kind()) in ('system', 'officer', 'person'));
alter table process.alarm enable row level security;
alter table process.alarm force row level security;
create policy known on process.alarm using ((select foundation.kind()) in ('system', 'officer', 'person'));
alter table process.subscription enable row level security;
alter table process.subscription force row level security;
create policy known on process.subscription using ((select foundation.kind()) in ('system', 'officer', 'person'));
alter table process.history enable row level security;
alter table process.history force row level security;
create policy known on process.history using ((select foundation.kind()) in ('system', 'officer', 'person'));
