#include "trace.h"

#include "must.h"

#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX 1024u

struct inode {
	dev_t device;
	ino_t number;
	bool is_directory;
	uint32_t file;
	char *path;
};

/* There is one, as there is one system below. */
static struct {
	atomic_bool on;
	pthread_mutex_t lock;
	char root[PATH_MAX];
	struct trace *trace;
	struct inode inodes[FILES_MAX];
	size_t count, events_room, base_room;
} state = {.lock = PTHREAD_MUTEX_INITIALIZER};

static char *copy_text(const char *text)
{
	return must(strdup(text));
}

static bool left_out(const char *path)
{
	const char *slash = strrchr(path, '/');

	return strncmp(slash ? slash + 1 : path, "lock", 4) == 0;
}

static struct event *add(enum event_kind kind)
{
	struct trace *trace = state.trace;

	if (trace->count == state.events_room) {
		state.events_room = state.events_room ? 2 * state.events_room : 1024;
		trace->events = must(reallocarray(trace->events, state.events_room, sizeof *trace->events));
	}
	trace->events[trace->count] = (struct event){.kind = kind};
	return &trace->events[trace->count++];
}

/* The file's number in the trace. An inode's number may be one that was used before. */
static uint32_t know(const struct stat *about, const char *path)
{
	struct inode *inode = NULL;

	for (size_t i = 0; i < state.count && !inode; i++)
		if (state.inodes[i].device == about->st_dev && state.inodes[i].number == about->st_ino)
			inode = &state.inodes[i];
	if (!inode) {
		if (state.count == FILES_MAX)
			abort();
		inode = &state.inodes[state.count++];
	}
	free(inode->path);
	*inode = (struct inode){.device = about->st_dev,
				.number = about->st_ino,
				.is_directory = S_ISDIR(about->st_mode),
				.file = state.trace->files++,
				.path = copy_text(path)};
	return inode->file;
}

static const uint8_t *read_whole(const char *path, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t *bytes = must(malloc(size ? size : 1));

	if (fd < 0 || read(fd, bytes, size) != (ssize_t)size)
		abort();
	close(fd);
	return bytes;
}

static int note_base(const char *path, const struct stat *about, int type, struct FTW *at)
{
	struct trace *trace = state.trace;
	const char *below = path + strlen(state.root);
	const bool is_directory = type == FTW_D;

	(void)at;
	below += *below == '/';
	if (left_out(below))
		return 0;
	if (trace->base_count == state.base_room) {
		state.base_room = state.base_room ? 2 * state.base_room : 64;
		trace->base = must(reallocarray(trace->base, state.base_room, sizeof *trace->base));
	}
	struct base *base = &trace->base[trace->base_count++];

	*base = (struct base){.path = copy_text(below), .is_directory = is_directory, .file = know(about, below)};
	if (!is_directory) {
		base->size = (uint64_t)about->st_size;
		base->bytes = read_whole(path, base->size);
	}
	return 0;
}

void trace_begin(const char *root)
{
	(void)snprintf(state.root, sizeof state.root, "%s", root);
	state.trace = must(calloc(1, sizeof *state.trace));
	state.count = state.events_room = state.base_room = 0;
	if (nftw(root, note_base, 16, FTW_PHYS) != 0)
		abort();
	atomic_store(&state.on, true);
}

struct trace *trace_end(void)
{
	struct trace *trace = state.trace;

	pthread_mutex_lock(&state.lock);
	atomic_store(&state.on, false);
	pthread_mutex_unlock(&state.lock);
	for (size_t i = 0; i < state.count; i++)
		free(state.inodes[i].path);
	memset(state.inodes, 0, sizeof state.inodes);
	state.trace = NULL;
	return trace;
}

static void free_bytes(const uint8_t *bytes)
{
	free((void *)(uintptr_t)bytes);
}

void trace_free(struct trace **freed)
{
	struct trace *trace = *freed;

	if (!trace)
		return;
	for (size_t i = 0; i < trace->count; i++) {
		free_bytes(trace->events[i].bytes);
		free(trace->events[i].path);
		free(trace->events[i].to);
	}
	for (size_t i = 0; i < trace->base_count; i++) {
		free_bytes(trace->base[i].bytes);
		free(trace->base[i].path);
	}
	free(trace->events);
	free(trace->base);
	free(trace);
	*freed = NULL;
}

bool trace_enter(void)
{
	if (!atomic_load(&state.on))
		return false;
	pthread_mutex_lock(&state.lock);
	if (atomic_load(&state.on))
		return true;
	pthread_mutex_unlock(&state.lock);
	return false;
}

void trace_leave(void)
{
	pthread_mutex_unlock(&state.lock);
}

void trace_promise(enum event_kind kind, uint64_t size)
{
	if (!trace_enter())
		return;
	add(kind)->size = size;
	trace_leave();
}

const char *trace_name(int fd, uint32_t *ret_file, bool *ret_is_directory)
{
	struct stat about;

	if (fstat(fd, &about) < 0)
		return NULL;
	for (size_t i = 0; i < state.count; i++) {
		const struct inode *inode = &state.inodes[i];

		if (inode->device != about.st_dev || inode->number != about.st_ino)
			continue;
		*ret_file = inode->file;
		*ret_is_directory = inode->is_directory;
		return inode->path;
	}
	return NULL;
}

bool trace_path(int directory, const char *name, char ret_path[PATH_MAX])
{
	char link[64], parent[PATH_MAX] = "", whole[2 * PATH_MAX];
	const size_t root = strlen(state.root);

	if (name[0] != '/' && directory != AT_FDCWD) {
		(void)snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
		ssize_t length = readlink(link, parent, sizeof parent - 1);

		if (length < 0)
			return false;
		parent[length] = '\0';
	}
	(void)snprintf(whole, sizeof whole, "%s%s%s", parent, *parent ? "/" : "", name);
	if (strncmp(whole, state.root, root) != 0 || whole[root] != '/' || strlen(whole + root + 1) >= PATH_MAX ||
	    left_out(whole + root + 1))
		return false;
	strcpy(ret_path, whole + root + 1);
	return true;
}

static bool all_zero(const uint8_t *bytes, size_t size)
{
	return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

void trace_write(uint32_t file, uint64_t offset, const void *bytes, size_t size, bool through)
{
	struct event *event = add(through ? EVENT_WRITE_THROUGH : EVENT_WRITE);

	event->file = file;
	event->offset = offset;
	event->size = size;
	if (!all_zero(bytes, size))
		event->bytes = memcpy(must(malloc(size)), bytes, size);
}

void trace_size(uint32_t file, uint64_t size)
{
	struct event *event = add(EVENT_SIZE);

	event->file = file;
	event->size = size;
}

void trace_flush(uint32_t file, bool done)
{
	add(done ? EVENT_FLUSH : EVENT_FLUSH_FAILED)->file = file;
}

void trace_flush_entries(const char *path)
{
	add(EVENT_FLUSH_ENTRIES)->path = copy_text(path);
}

void trace_make(int fd, const char *path)
{
	struct stat about;

	if (fstat(fd, &about) < 0)
		abort();
	struct event *event = add(EVENT_MAKE);

	event->path = copy_text(path);
	event->file = know(&about, path);
}

void trace_make_directory(const char *path)
{
	char whole[2 * PATH_MAX];
	struct stat about;

	(void)snprintf(whole, sizeof whole, "%s/%s", state.root, path);
	if (stat(whole, &about) < 0)
		abort();
	know(&about, path);
	add(EVENT_MAKE_DIRECTORY)->path = copy_text(path);
}

void trace_rename(const char *path, const char *to)
{
	struct event *event = add(EVENT_RENAME);

	event->path = copy_text(path);
	event->to = copy_text(to);
	for (size_t i = 0; i < state.count; i++) {
		struct inode *inode = &state.inodes[i];

		if (strcmp(inode->path, path) != 0)
			continue;
		free(inode->path);
		inode->path = copy_text(to);
	}
}

void trace_unlink(const char *path)
{
	add(EVENT_UNLINK)->path = copy_text(path);
}
