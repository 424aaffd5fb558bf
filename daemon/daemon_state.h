/* What the files of the running daemon share. */
#ifndef MTR_DAEMON_STATE_H
#define MTR_DAEMON_STATE_H

#include "data.h"
#include "directory.h"
#include "log.h"
#include "net/net.h"
#include "reader/reader.h"
#include "writer/writer.h"

#include <pthread.h>
#include <stdatomic.h>

/* Files that others leave in the data directory while the daemon runs, as they were when they were read last. */
struct mtr_facts_seen {
	struct mtr_net_facts facts;
	uint64_t state_inode, state_modified; /* of backup.state; 0: there was none */
	bool looked;
};

struct mtr_daemon {
	struct mtr_log log;
	const char *config_path;
	struct mtr_config config;
	struct mtr_directory directory;
	struct mtr_data data;
	struct mtr_key_pair audit; /* signs checkpoints */
	uint8_t receipt_key[MTR_HASH_BYTES];
	struct mtr_net *net;
	struct mtr_writer *writer;
	struct mtr_readers *readers; /* written under `mutex`: the writer tells them of commits */
	char software[64];
	uint64_t started_at; /* ms */
	int signals;         /* signalfd */
	int alarm;           /* eventfd: a thread says that the process must end */

	/* The main thread's. */
	struct mtr_facts_seen facts;
	atomic_uint_fast64_t backed_up_revision;

	pthread_mutex_t mutex;
	char fatal[128]; /* why; empty while all is well */
};

/* tell.c: what the service manager is told of a daemon that runs. */
const char *mtr_daemon_status(const struct mtr_daemon *daemon);
/* Logs that queries came upon damage, so many so far. */
void mtr_daemon_tell_damage(const struct mtr_daemon *daemon, uint64_t queries);
/* Logs why the process ends, and gives the status that it ends with; `fatal` must be set, and `mutex` held while
 * threads run. */
enum mtr_exit_status mtr_daemon_explain_fatal(const struct mtr_daemon *daemon);

/* start.c: everything up to and including the published endpoint; what was started stays for mtr_daemon_stop. */
enum mtr_exit_status mtr_daemon_start(struct mtr_daemon *daemon);
/* Ends and frees whatever there is, in the order that loses no answer. */
void mtr_daemon_stop(struct mtr_daemon *daemon);

/* watch.c: until a stop is asked for or a thread fails. */
enum mtr_exit_status mtr_daemon_watch(struct mtr_daemon *daemon);

/* facts.c: takes up what a backup left word of, and a recovery key that was set. Costs two looks at a directory. */
void mtr_daemon_look_for_facts(struct mtr_daemon *daemon);

/* reload.c: reads the configuration again and tells log and service manager what came of it. */
void mtr_daemon_reload(struct mtr_daemon *daemon);
/* The configured limits of the network side. */
struct mtr_net_limits mtr_daemon_limits(const struct mtr_config *config);

#endif
