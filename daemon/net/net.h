/* The network side of the daemon: one socket, its gate, its sessions, and one thread that owns it.
 *
 * Every request gets exactly one reply, in the order in which answers become known; only a peer that is gone or takes
 * nothing from its connection goes without. A request is answered here when it can't be read, is too large, comes
 * before hello, from a key that is revoked, or when too many wait; everything else goes to the writer or a reader. */
#ifndef MTR_NET_NET_H
#define MTR_NET_NET_H

#include "contract/key_file.h"
#include "net/selftest.h"
#include "reader/reader.h"
#include "store/store.h"
#include "work/work.h"
#include "writer/writer.h"

struct mtr_net;

/* May change at run time. */
struct mtr_net_limits {
	uint32_t sessions;  /* at most MTR_SESSIONS_MAX */
	uint32_t queue;     /* requests of all sessions that wait for an answer; at most MTR_QUEUE_MAX */
	uint32_t in_flight; /* the same of one session; at most MTR_IN_FLIGHT_MAX */
};

struct mtr_net_options {
	const char *listen; /* tcp://address:port, port * for a free one */
	const struct mtr_key_pair *keys;
	struct mtr_store *store; /* brought up to the journal; outlives the net */
	const char *software;    /* for hello; outlives the net */
	uint64_t incarnation;
	const uint8_t *audit_key; /* public; NULL: this register signs no checkpoints */
	struct mtr_net_limits limits;
	/* The principals can't be read from the store any more: the process must end. Called at most once. */
	void (*fatal)(void *context, const char *reason);
	void *context;
};

/* What becomes known while the daemon runs, and hello tells everybody. */
struct mtr_net_facts {
	uint64_t backed_up_revision; /* 0: no backup is known */
	bool has_recovery_key;
	uint8_t recovery_key[MTR_KEY_BYTES];
};

enum mtr_net_status {
	MTR_NET_OK,
	MTR_NET_ADDRESS_IN_USE,
	MTR_NET_ADDRESS,   /* isn't one of this machine, or may not be used; errno */
	MTR_NET_SELF_TEST, /* see mtr_net_problem */
	MTR_NET_STORE,
	MTR_NET_SYSTEM, /* errno */
};

struct mtr_net_problem {
	enum mtr_selftest selftest;
	enum mtr_store_error store;
};

/* Reads the principals, opens the gate, binds, and tries the door. Peers may connect from then on; nobody is answered
 * before mtr_net_serve. All signals must be blocked in the calling thread. *ret_problem is filled on failure. */
enum mtr_net_status mtr_net_open(struct mtr_net **ret_net, const struct mtr_net_options *options,
				 struct mtr_net_problem *ret_problem);

/* Starts the thread. Writer and readers outlive mtr_net_stop_taking. 0 or -errno. */
int mtr_net_serve(struct mtr_net *net, struct mtr_writer *writer, struct mtr_readers *readers);

/* From now on every request is answered STOPPING; on return writer and readers get nothing more. */
void mtr_net_stop_taking(struct mtr_net *net);

/* Sends the answers there are, joins, frees and nulls. NULL is fine. */
void mtr_net_close(struct mtr_net **net);

/* The endpoint really bound. */
const char *mtr_net_endpoint(const struct mtr_net *net);

/* What the writer and the readers call; `net` is a struct mtr_net. Thread-safe. */
void mtr_net_reply(void *net, struct mtr_work *work);
void mtr_net_principals_changed(void *net, uint64_t revision, uint32_t principal_id, bool revoked);
void mtr_net_committed(void *net, uint64_t revision);

/* Thread-safe. */
void mtr_net_set_limits(struct mtr_net *net, const struct mtr_net_limits *limits);
void mtr_net_set_facts(struct mtr_net *net, const struct mtr_net_facts *facts);

struct mtr_net_figures {
	uint64_t progress; /* grows while the thread is alive, also when idle: feed the watchdog from it */
	uint64_t requests;
	uint64_t refused;     /* requests answered with an error here */
	uint64_t unsent;      /* answers whose peer was gone or took nothing */
	uint64_t turned_away; /* connections by keys that may not connect */
	uint32_t sessions;
	uint32_t waiting; /* requests that wait for an answer */
};
/* Thread-safe. */
void mtr_net_figures(struct mtr_net *net, struct mtr_net_figures *ret_figures);

#endif
