#include "faults.h"

#include <stdatomic.h>
#include <string.h>

static struct {
	enum fault fault;
	uint32_t countdown;
	const char *where;
	bool flushes_only, struck;
	atomic_bool full;
} armed = {.where = ""};

const char *fault_name(enum fault fault)
{
	static const char *const names[FAULTS] = {"none", "EIO", "EIO after half", "ENOSPC", "short", "a bit flipped"};

	return names[fault];
}

void fault_arm(enum fault fault, uint32_t countdown, const char *where, bool flushes_only)
{
	armed.fault = fault;
	armed.countdown = countdown;
	armed.where = where;
	armed.flushes_only = flushes_only;
	armed.struck = false;
}

bool fault_disarm(void)
{
	armed.fault = FAULT_NONE;
	return armed.struck;
}

void fault_fill(bool full)
{
	atomic_store(&armed.full, full);
}

static bool is_write(enum call call)
{
	return call == CALL_WRITE || call == CALL_EXTEND;
}

static bool takes_room(enum call call)
{
	return call == CALL_EXTEND || call == CALL_ROOM || call == CALL_ENTRY;
}

static bool can_fail(enum fault fault, enum call call)
{
	switch (fault) {
	case FAULT_NONE:
		return false;
	case FAULT_EIO:
		return true;
	case FAULT_TORN:
	case FAULT_SHORT:
		return is_write(call);
	case FAULT_FULL:
		return takes_room(call) || is_write(call);
	case FAULT_SPOIL:
		return call == CALL_FLUSH;
	}
	return false;
}

enum fault fault_strike(enum call call, const char *path)
{
	if (atomic_load(&armed.full) && takes_room(call))
		return FAULT_FULL;
	if (!can_fail(armed.fault, call) || !strstr(path, armed.where) || (armed.flushes_only && call != CALL_FLUSH) ||
	    --armed.countdown)
		return FAULT_NONE;
	enum fault fault = armed.fault;

	armed.fault = FAULT_NONE;
	armed.struck = true;
	return fault;
}
