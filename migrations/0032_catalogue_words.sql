-- Everyday words that departments give their services beside what the guides say: whose each is, where it
-- comes from, who added it. They change what is found, never what is published, so they need no version.

create table catalogue.everyday_word (
    item_code       text        not null references catalogue.item,
    word            text        not null check (length(word) between 1 and 40),
    source          text        not null check (source in ('department', 'search', 'hotline', 'national', 'official')),
    department      text        not null,
    department_name text        not null,
    region          text        not null,
    added_by        text        not null,
    added_name      text        not null,
    added_at        timestamptz not null,
    primary key (item_code, word)
);
comment on table catalogue.everyday_word is 'What people call a service, beside the words of its guide; the department owns it.';
create index everyday_word_department on catalogue.everyday_word (department, item_code, word);
grant select, insert, delete on catalogue.everyday_word to tongban_app;
