/* Every bound of the protocol and the register, with its reason. */
#ifndef MTR_CONTRACT_LIMITS_H
#define MTR_CONTRACT_LIMITS_H

/* One request: room for 200 nominations by id or a programme with all its conditions, many times over. */
#define MTR_REQUEST_MAX (64u * 1024u)
/* One reply: a feed page or list of up to MTR_PAGE_ROWS_MAX rows; small enough that a slow link sees progress. */
#define MTR_REPLY_MAX (256u * 1024u)
/* Decoded request: protobuf-c needs up to 24 bytes for a 2-byte repeated item. */
#define MTR_REQUEST_ARENA (1024u * 1024u)
/* Working memory of one decision: rows read and built. */
#define MTR_DECISION_ARENA (16u * 1024u * 1024u)

/* Rows one command may change: keeps its record well below MTR_FRAME_MAX. */
#define MTR_EFFECTS_MAX 512u
/* Items of one list in a command (nominations of a decision, attendances): the largest class; three rows an item
 * stay below MTR_EFFECTS_MAX. */
#define MTR_ITEMS_MAX 160u
/* A frame of the journal: what one flush writes. */
#define MTR_FRAME_MAX (1024u * 1024u)
/* One record: half a frame, so that a batch always takes at least one. */
#define MTR_RECORD_MAX (MTR_FRAME_MAX / 2u)
/* One row: a nomination with the longest of everything is below 12 KiB. */
#define MTR_ROW_MAX (16u * 1024u)

/* Commands a session may have unanswered: hides a 200 ms link at some hundred a second. */
#define MTR_IN_FLIGHT_MAX 256u
/* Queries of one key in the server, over all its connections: what waits in front of somebody else's is some 50 ms. */
#define MTR_QUERIES_MAX 64u
/* Hellos of one key, over all its connections, that are answered as they come: an office full of programs that start
 * together. Beyond, one in so many ms: a hundred a second cost some percent of a core. */
#define MTR_HELLOS_AT_ONCE 64u
#define MTR_HELLO_INTERVAL_MS 10u
/* A hello beyond that is answered BUSY, but so late that saying it again at once is no use; shorter than any client
 * waits for an answer. So many wait for that in all, in some 80 bytes each; beyond, they are answered at once. */
#define MTR_LATE_REFUSAL_MS 1000u
#define MTR_LATE_REFUSALS_MAX 8192u
/* Bytes of answers that one key's connections haven't taken: a full page for each of its queries. One that never reads
 * doesn't fill memory, and no page is read for it that couldn't be sent. */
#define MTR_UNREAD_MAX (MTR_QUERIES_MAX * MTR_REPLY_MAX)
/* After an answer found a connection's queue full, so long no query of that key is let in: it doesn't read. */
#define MTR_OVERFLOW_PAUSE_MS 1000u
/* Sessions: 3,321 communes of the country on one server, with room. */
#define MTR_SESSIONS_MAX 8192u
/* Commands and queries waiting: about a second of work, then BUSY. */
#define MTR_QUEUE_MAX 8192u
/* Messages the network thread takes before it looks at replies again. */
#define MTR_WAKE_MESSAGES 256u
/* A page of a feed or list: as many small rows as MTR_REPLY_MAX holds. */
#define MTR_PAGE_ROWS_MAX 2000u
#define MTR_FEED_WAIT_MS_MAX 25000u
#define MTR_LOG_ENTRIES_MAX 500u
/* Digests on one page of history: 224 KiB of one reply, and always one checkpoint among them. */
#define MTR_HISTORY_RECORDS_MAX 7168u

#define MTR_CODE_MAX 32u
#define MTR_NAME_MAX 200u  /* bytes: a person's or unit's name */
#define MTR_TEXT_MAX 1000u /* bytes: reasons, notes */
#define MTR_NUMBER_MAX 64u /* bytes: a document's number */
#define MTR_SEATS_MAX 100000u
#define MTR_TITLES_MAX 16u /* held or planned by one person */
#define MTR_STANDARDS_MAX 32u
#define MTR_CONDITIONS_MAX 32u
#define MTR_VALUES_MAX 128u /* titles or categories of one condition */
#define MTR_TIE_BREAKS_MAX 4u
#define MTR_UNITS_MAX 16u       /* organising or providing one programme */
#define MTR_RATINGS_MAX 16u     /* years of one person */
#define MTR_AMENDMENTS_MAX 32u  /* documents that amend one plan */
#define MTR_CAPACITY_MAX 10000u /* of a class */
#define MTR_PROMOTED_MAX 500u   /* seats that fall free in one step: with the rows around them below MTR_EFFECTS_MAX */
#define MTR_TREE_DEPTH_MAX 16u
/* Restores in the life of a register: their statements fit one answer. */
#define MTR_INCARNATIONS_MAX 128u
/* Copies of the database that backups keep, by default a week of daily ones and one more, and at most. */
#define MTR_BACKUP_KEEP 8u
#define MTR_BACKUP_KEEP_MAX 10000u

#define MTR_KEY_BYTES 32u
#define MTR_OUTBOX_BYTES 16u
#define MTR_HASH_BYTES 32u
#define MTR_SIGNATURE_BYTES 64u
#define MTR_SALT_BYTES 16u

#define MTR_PROTOCOL_MINIMUM 1u
#define MTR_PROTOCOL_MAXIMUM 1u

#endif
