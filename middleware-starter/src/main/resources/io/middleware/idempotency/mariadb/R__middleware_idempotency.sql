-- Keys of calls that ran, with their responses: one row a key, until it expires.
-- InnoDB, whatever the default is: the key must go when the effect is rolled back.
create table if not exists middleware_idempotency (
    id              binary(32)   not null primary key,                -- SHA-256 of method, key and scope
    scope           varchar(255) not null,                            -- the caller, for people
    method          varchar(255) not null,
    idempotency_key varchar(255) not null,
    request_hash    binary(32)   not null,                            -- SHA-256 of the request
    created_at      datetime(6)  not null default (utc_timestamp(6)), -- in UTC, whatever the zones of sessions are
    code            smallint,                                         -- gRPC status: 0, or an error that is final
    response        longblob,                                         -- the message
    details         longblob                                          -- description, headers and trailers, if there are any
) engine = InnoDB character set utf8mb4;
create index if not exists middleware_idempotency_created_at on middleware_idempotency (created_at);
