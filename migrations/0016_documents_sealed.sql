-- What people hand in is encrypted at rest, as their names and numbers are. Bytes that were stored
-- before stay readable as they are.
alter table documents.content add column sealed boolean not null default false;
comment on column documents.content.sealed is 'Whether the bytes are encrypted (SM4-GCM: nonce, tag, text; bound to sha256) with the installation''s key.';
