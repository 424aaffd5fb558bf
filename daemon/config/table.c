#include "config/table.h"

#include "contract/limits.h"

#define KIB (UINT64_C(1) << 10)
#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)
#define TIB (UINT64_C(1) << 40)

#define AT(field) offsetof(struct mtr_config, field)

static const struct mtr_config_row rows[] = {
	{"network", "listen", MTR_CONFIG_ENDPOINT, AT(listen), 0, 0, 0, "tcp://127.0.0.1:7420", NULL, false},
	{"storage", "data_directory", MTR_CONFIG_PATH, AT(data_directory), 0, 0, 0, "/var/lib/matricula", NULL, false},
	/* The writer keeps 64 MiB free. A map costs address space only; the largest leaves room for others in 47 bits.
	 */
	{"storage", "map_size", MTR_CONFIG_SIZE, AT(map_size), 128 * MIB, 16 * TIB, 8 * GIB, NULL, "bytes", false},
	/* At least a few of the largest frames, at most what can be zeroed ahead in seconds. */
	{"storage", "journal_segment_size", MTR_CONFIG_SIZE, AT(journal_segment_size), 4 * MIB, GIB, 64 * MIB, NULL,
	 "bytes", false},
	{"commit", "idle_ms", MTR_CONFIG_NUMBER, AT(commit_idle_ms), 1, 1000, 5, NULL, "milliseconds", false},
	{"commit", "longest_ms", MTR_CONFIG_NUMBER, AT(commit_longest_ms), 1, 10000, 100, NULL, "milliseconds", false},
	{"commit", "puts", MTR_CONFIG_NUMBER, AT(commit_puts), 1000, 200000, 50000, NULL, "puts", false},
	{"limits", "sessions", MTR_CONFIG_NUMBER, AT(sessions), 1, MTR_SESSIONS_MAX, MTR_SESSIONS_MAX, NULL, "sessions",
	 true},
	{"limits", "queue", MTR_CONFIG_NUMBER, AT(queue), 1, MTR_QUEUE_MAX, MTR_QUEUE_MAX, NULL, "requests", true},
	{"limits", "readers", MTR_CONFIG_NUMBER, AT(readers), 1, 16, 2, NULL, "threads", false},
	{"limits", "in_flight", MTR_CONFIG_NUMBER, AT(in_flight), 1, MTR_IN_FLIGHT_MAX, MTR_IN_FLIGHT_MAX, NULL,
	 "requests", true},
	{"backup", "directory", MTR_CONFIG_PATH, AT(backup_directory), 0, 0, 0, "", NULL, true},
	{"backup", "public_key", MTR_CONFIG_KEY, AT(backup_public_key), 0, 0, 0, "", NULL, true},
	{"backup", "keep", MTR_CONFIG_NUMBER, AT(backup_keep), 1, MTR_BACKUP_KEEP_MAX, MTR_BACKUP_KEEP, NULL, "copies",
	 true},
	{"log", "level", MTR_CONFIG_LEVEL, AT(log_level), 0, 0, MTR_LOG_INFO, NULL, NULL, true},
};

const struct mtr_config_row *mtr_config_rows(size_t *ret_count)
{
	*ret_count = sizeof rows / sizeof rows[0];
	return rows;
}

bool mtr_config_is_text(enum mtr_config_kind kind)
{
	return kind == MTR_CONFIG_ENDPOINT || kind == MTR_CONFIG_PATH || kind == MTR_CONFIG_KEY;
}
