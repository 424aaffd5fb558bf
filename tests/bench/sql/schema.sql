-- A proposal as PostgreSQL tables and one function: quota, nobody twice, the nomination, the journal.
-- Chosen in PostgreSQL's favour: the person is a unique column of the nomination, without a table of people, and the
-- quota row, which everybody wants, is locked last. A spent quota raises, which undoes the insert.

CREATE TABLE quotas (
    unit  integer PRIMARY KEY,
    seats bigint NOT NULL,
    used  bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

CREATE TABLE nominations (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit   integer NOT NULL,
    person bytea NOT NULL UNIQUE,
    body   text NOT NULL
);
CREATE INDEX nominations_unit ON nominations (unit, id);

CREATE TABLE journal (
    seq        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    nomination bigint NOT NULL,
    unit       integer NOT NULL,
    person     bytea NOT NULL,
    note       text NOT NULL
);

CREATE TABLE roster (
    class   integer NOT NULL,
    seat    integer NOT NULL,
    payload text NOT NULL,
    PRIMARY KEY (class, seat)
);

CREATE FUNCTION propose(u integer, p1 bigint, p2 bigint, words text,
                        OUT result integer, OUT nomination bigint,
                        OUT seat_limit bigint, OUT seats_used bigint)
LANGUAGE plpgsql AS $$
DECLARE
    who bytea := int8send(p1) || int8send(p2);
BEGIN
    INSERT INTO nominations (unit, person, body) VALUES (u, who, words)
        ON CONFLICT (person) DO NOTHING RETURNING id INTO nomination;
    IF NOT FOUND THEN
        result := 1;
        SELECT q.seats, q.used INTO seat_limit, seats_used FROM quotas q WHERE q.unit = u;
        RETURN;
    END IF;
    INSERT INTO journal (nomination, unit, person, note)
        VALUES (nomination, u, who, left(words, 56));
    UPDATE quotas q SET used = q.used + 1 WHERE q.unit = u AND q.used < q.seats
        RETURNING q.seats, q.used INTO seat_limit, seats_used;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'quota of unit % is spent', u;
    END IF;
    result := 0;
END $$;
