-- All rosters, timed inside one session.
\timing on
COPY (SELECT class, seat, payload FROM roster ORDER BY class, seat) TO STDOUT \g /dev/null
COPY (SELECT class, seat, payload FROM roster ORDER BY class, seat) TO STDOUT \g /dev/null
COPY (SELECT class, seat, payload FROM roster ORDER BY class, seat) TO STDOUT \g /dev/null
COPY (SELECT class, seat, payload FROM roster ORDER BY class, seat) TO STDOUT \g /dev/null
