-- Keys of calls that ran, with their responses: one row a key, until it expires.
create table if not exists middleware_idempotency (
    id              binary(32)               not null primary key, -- SHA-256 of method, key and scope
    scope           varchar(255)             not null,             -- the caller, for people
    method          varchar(255)             not null,
    idempotency_key varchar(255)             not null,
    request_hash    binary(32)               not null,             -- SHA-256 of the request
    created_at      timestamp with time zone not null default current_timestamp,
    code            smallint,                                      -- gRPC status: 0, or an error that is final
    response        blob,                                          -- the message
    details         blob                                           -- description, headers and trailers, if there are any
);
create index if not exists middleware_idempotency_created_at on middleware_idempotency (created_at);
