#include "platter.h"

#include "must.h"
#include "platter_state.h"

#include <string.h>

static struct disk_file *file_of(struct platter *platter, uint32_t number)
{
	if (number >= platter->file_count)
		abort();
	return &platter->files[number];
}

static void grow(struct sectors_of *content, size_t count)
{
	if (count <= content->count)
		return;
	content->at = must(reallocarray(content->at, count, sizeof *content->at));
	memset(content->at + content->count, 0, (count - content->count) * sizeof *content->at);
	content->count = count;
}

static void set(struct sectors_of *content, size_t sector, const uint8_t *bytes)
{
	if (sector >= content->count && !bytes)
		return;
	grow(content, sector + 1);
	content->at[sector] = bytes;
}

const uint8_t *sector_at(const struct sectors_of *content, size_t sector)
{
	return sector < content->count ? content->at[sector] : NULL;
}

/* Lasts as long as the platter. */
static uint8_t *keep_sector(struct platter *platter)
{
	if (platter->kept_used == KEPT_SECTORS || !platter->kept) {
		struct kept *kept = must(malloc(sizeof *kept));

		kept->next = platter->kept;
		platter->kept = kept;
		platter->kept_used = 0;
	}
	return platter->kept->bytes[platter->kept_used++];
}

/* A sector as it is after these bytes have been written into it; NULL when it is all zeros. */
static const uint8_t *overwritten(struct platter *platter, const uint8_t *before, size_t from, const uint8_t *bytes,
				  size_t size)
{
	static const uint8_t zeros[SECTOR_BYTES];
	uint8_t sector[SECTOR_BYTES];

	memcpy(sector, before ? before : zeros, sizeof sector);
	if (bytes)
		memcpy(sector + from, bytes, size);
	else
		memset(sector + from, 0, size);
	if (memcmp(sector, zeros, sizeof sector) == 0)
		return NULL;
	if (before && memcmp(sector, before, sizeof sector) == 0)
		return before;
	return memcpy(keep_sector(platter), sector, sizeof sector);
}

static void add_pending(struct disk_file *file, size_t sector, const uint8_t *bytes)
{
	if (file->pending_count == file->pending_room) {
		file->pending_room = file->pending_room ? 2 * file->pending_room : 64;
		file->pending = must(reallocarray(file->pending, file->pending_room, sizeof *file->pending));
	}
	file->pending[file->pending_count++] = (struct pending){.sector = sector, .bytes = bytes};
}

static void drop_pending(struct disk_file *file, size_t sector)
{
	size_t kept = 0;

	for (size_t i = 0; i < file->pending_count; i++)
		if (file->pending[i].sector != sector)
			file->pending[kept++] = file->pending[i];
	file->pending_count = kept;
}

static void write_sectors(struct platter *platter, const struct event *event)
{
	struct disk_file *file = file_of(platter, event->file);
	const bool through = event->kind == EVENT_WRITE_THROUGH;

	for (uint64_t done = 0; done < event->size;) {
		const size_t sector = (size_t)((event->offset + done) / SECTOR_BYTES);
		const size_t from = (size_t)((event->offset + done) % SECTOR_BYTES);
		const uint64_t rest = event->size - done;
		const size_t size = rest < SECTOR_BYTES - from ? (size_t)rest : SECTOR_BYTES - from;
		const uint8_t *bytes = overwritten(platter, sector_at(&file->latest, sector), from,
						   event->bytes ? event->bytes + done : NULL, size);

		set(&file->latest, sector, bytes);
		if (through) {
			drop_pending(file, sector);
			set(&file->durable, sector, bytes);
		} else {
			add_pending(file, sector, bytes);
		}
		done += size;
	}
	if (event->offset + event->size > file->size)
		file->size = event->offset + event->size;
	if (through)
		file->durable_size = file->size;
}

static bool written_again(const struct disk_file *file, size_t index)
{
	for (size_t i = index + 1; i < file->pending_count; i++)
		if (!file->pending[i].lost && file->pending[i].sector == file->pending[index].sector)
			return true;
	return false;
}

/* What a failed flush has lost stays so until it is written again. */
static void flush_file(struct disk_file *file)
{
	size_t kept = 0;

	for (size_t i = 0; i < file->pending_count; i++) {
		const struct pending pending = file->pending[i];

		if (!pending.lost)
			set(&file->durable, pending.sector, pending.bytes);
		else if (!written_again(file, i))
			file->pending[kept++] = pending;
	}
	file->pending_count = kept;
	file->durable_size = file->size;
}

static void lose(struct disk_file *file)
{
	for (size_t i = 0; i < file->pending_count; i++)
		file->pending[i].lost = true;
}

static void add_entry_change(struct platter *platter, const struct event *event)
{
	if (platter->change_count == CHANGES_MAX)
		abort();
	platter->changes[platter->change_count++] = event;
}

bool is_in(const char *path, const char *directory)
{
	const char *slash = strrchr(path, '/');
	const size_t length = slash ? (size_t)(slash - path) : 0;

	return strlen(directory) == length && strncmp(path, directory, length) == 0;
}

static void flush_entries(struct platter *platter, const char *directory)
{
	size_t kept = 0;

	for (size_t i = 0; i < platter->change_count; i++) {
		if (is_in(platter->changes[i]->path, directory))
			names_change(&platter->names, platter->changes[i]);
		else
			platter->changes[kept++] = platter->changes[i];
	}
	platter->change_count = kept;
}

void names_add(struct names *names, const char *path, bool is_directory, uint32_t file)
{
	if (names->count == NAMES_MAX)
		abort();
	names->at[names->count++] = (struct name){path, is_directory, file};
}

static void names_drop(struct names *names, const char *path)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->at[i].path, path) == 0)
			names->at[i--] = names->at[--names->count];
}

void names_change(struct names *names, const struct event *event)
{
	switch (event->kind) {
	case EVENT_MAKE:
	case EVENT_MAKE_DIRECTORY:
		names_add(names, event->path, event->kind == EVENT_MAKE_DIRECTORY, event->file);
		break;
	case EVENT_UNLINK:
		names_drop(names, event->path);
		break;
	case EVENT_RENAME:
		names_drop(names, event->to);
		for (size_t i = 0; i < names->count; i++)
			if (strcmp(names->at[i].path, event->path) == 0)
				names->at[i].path = event->to;
		break;
	case EVENT_WRITE:
	case EVENT_WRITE_THROUGH:
	case EVENT_SIZE:
	case EVENT_FLUSH:
	case EVENT_FLUSH_FAILED:
	case EVENT_FLUSH_ENTRIES:
	case EVENT_ANSWERED:
	case EVENT_BACKED_UP:
	case EVENT_STAGE:
		abort();
	}
}

static void resize(struct disk_file *file, uint64_t size)
{
	const size_t sectors = (size_t)(size / SECTOR_BYTES);

	for (size_t i = sectors; size < file->size && i < file->latest.count; i++) {
		if (file->latest.at[i])
			add_pending(file, i, NULL);
		file->latest.at[i] = NULL;
	}
	file->size = size;
}

bool platter_is_naming(const struct platter *platter, const char *path)
{
	for (size_t i = 0; i < platter->change_count; i++)
		if (platter->changes[i]->kind == EVENT_RENAME &&
		    strncmp(platter->changes[i]->to, path, strlen(path)) == 0)
			return true;
	return false;
}

void platter_step(struct platter *platter, const struct event *event)
{
	switch (event->kind) {
	case EVENT_WRITE:
	case EVENT_WRITE_THROUGH:
		write_sectors(platter, event);
		break;
	case EVENT_SIZE:
		resize(file_of(platter, event->file), event->size);
		break;
	case EVENT_FLUSH:
		flush_file(file_of(platter, event->file));
		break;
	case EVENT_FLUSH_FAILED:
		lose(file_of(platter, event->file));
		break;
	case EVENT_MAKE:
	case EVENT_MAKE_DIRECTORY:
	case EVENT_RENAME:
	case EVENT_UNLINK:
		add_entry_change(platter, event);
		break;
	case EVENT_FLUSH_ENTRIES:
		flush_entries(platter, event->path);
		break;
	case EVENT_ANSWERED:
	case EVENT_BACKED_UP:
	case EVENT_STAGE:
		break;
	}
}

struct platter *platter_new(const struct trace *trace)
{
	struct platter *platter = must(calloc(1, sizeof *platter));

	platter->file_count = trace->files;
	platter->files = must(calloc(trace->files ? trace->files : 1, sizeof *platter->files));
	for (size_t i = 0; i < trace->base_count; i++) {
		const struct base *base = &trace->base[i];
		const struct event whole = {
			.kind = EVENT_WRITE, .file = base->file, .size = base->size, .bytes = base->bytes};

		if (*base->path)
			names_add(&platter->names, base->path, base->is_directory, base->file);
		if (base->is_directory)
			continue;
		write_sectors(platter, &whole);
		flush_file(file_of(platter, base->file));
	}
	return platter;
}

void platter_free(struct platter **freed)
{
	struct platter *platter = *freed;

	if (!platter)
		return;
	for (uint32_t i = 0; i < platter->file_count; i++) {
		free(platter->files[i].latest.at);
		free(platter->files[i].durable.at);
		free(platter->files[i].pending);
	}
	while (platter->kept) {
		struct kept *next = platter->kept->next;

		free(platter->kept);
		platter->kept = next;
	}
	free(platter->files);
	free(platter);
	*freed = NULL;
}
