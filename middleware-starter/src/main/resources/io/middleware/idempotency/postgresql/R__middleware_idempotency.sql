-- Keys of calls that ran, with their responses: one row a key, until it expires.
-- A row is inserted when its call begins and completed when it ends, in one transaction: room for that stays in each page.
create table if not exists middleware_idempotency (
    id              bytea                    not null primary key, -- SHA-256 of method, key and scope
    scope           varchar(255)             not null,             -- the caller, for people
    method          varchar(255)             not null,
    idempotency_key varchar(255)             not null,
    request_hash    bytea                    not null,             -- SHA-256 of the request
    created_at      timestamp with time zone not null default current_timestamp,
    code            smallint,                                      -- gRPC status: 0, or an error that is final
    response        bytea,                                         -- the message
    details         bytea                                          -- description, headers and trailers, if there are any
) with (fillfactor = 70);
create index if not exists middleware_idempotency_created_at on middleware_idempotency (created_at);
