create table if not exists orders (
    number bigint generated always as identity primary key,
    item varchar(100) not null,
    note varchar(1000) not null
);
