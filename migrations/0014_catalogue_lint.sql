-- What the linter finds: per item as of its last look, and counts by day that show whether the
-- catalogue gets better. Both can be made anew at any time.

create table catalogue.item_lint (
    item_code  text        primary key references catalogue.item,
    version    int         not null,
    department text        not null,
    region     text        not null,
    rules      text[]      not null,
    errors     int         not null,
    warnings   int         not null,
    hints      int         not null,
    linted_at  timestamptz not null
);
create index item_lint_department on catalogue.item_lint (department, item_code);
create index item_lint_rules on catalogue.item_lint using gin (rules);
comment on column catalogue.item_lint.rules is 'Ids of the rules that the item breaks, each once.';
grant select, insert, update, delete on catalogue.item_lint to tongban_app;

create table catalogue.lint_day (
    day        date not null,
    department text not null,
    region     text not null,
    rule       text not null default '',
    severity   text not null default '',
    items      int  not null,
    primary key (day, department, region, rule, severity)
);
comment on table catalogue.lint_day is
    'How many items of a department break a rule. Without a rule: how many have a finding of that severity; without either: how many there are.';
grant select, insert, update, delete on catalogue.lint_day to tongban_app;
