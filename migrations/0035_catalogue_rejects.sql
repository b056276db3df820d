-- All rejected lines of an import are kept, those of the check until the import itself begins.

comment on table catalogue.import_reject is
    'Rejected lines of the check, then of the import: sheet, field, rule, reason, record.';
grant delete on catalogue.import_reject to tongban_app;
