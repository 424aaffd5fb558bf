-- :rows nominations in 200 units, and :classes rosters of 80 people.
INSERT INTO quotas (unit, seats) SELECT g, 1000000000000 FROM generate_series(0, 199) g;
INSERT INTO nominations (unit, person, body)
    SELECT (random() * 199)::integer, decode(md5(random()::text || g), 'hex'), repeat('x', 130)
    FROM generate_series(1, :rows) g;
INSERT INTO journal (nomination, unit, person, note)
    SELECT id, unit, person, left(body, 56) FROM nominations;
UPDATE quotas q SET used = n.n
    FROM (SELECT unit, count(*) AS n FROM nominations GROUP BY unit) n WHERE n.unit = q.unit;
INSERT INTO roster
    SELECT c, s, repeat(chr(97 + s % 26), 142)
    FROM generate_series(0, :classes - 1) c, generate_series(0, 79) s;
VACUUM ANALYZE;
CHECKPOINT;
