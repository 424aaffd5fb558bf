/* What a power cut leaves. */
#include "must.h"
#include "platter_state.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct image_file {
	const char *path;
	bool is_directory;
	uint64_t size;
	struct sectors_of content;
	/* Of the sectors that weren't flushed: the lowest that is there, and that isn't; SIZE_MAX without one. */
	size_t kept, lost;
};

struct image {
	struct image_file files[NAMES_MAX];
	size_t count;
};

void cut_describe(const struct cut *cut, char *ret_text, size_t room)
{
	static const char *const sectors[SECTOR_CHOICES] = {"none",       "all", "the first",  "the last",
							    "any of the", "one", "all but one"};
	static const char *const entries[ENTRY_CHOICES] = {"none", "all", "the first", "any of the"};

	(void)snprintf(ret_text, room, "of what wasn't flushed: %s sectors, %s entries, %s lengths",
		       sectors[cut->sectors], entries[cut->entries], cut->old_sizes ? "old" : "new");
}

static uint32_t changes_in(const struct platter *platter, const char *directory)
{
	uint32_t count = 0;

	for (size_t i = 0; i < platter->change_count; i++)
		count += is_in(platter->changes[i]->path, directory);
	return count;
}

static void directory_of(const char *path, char ret_directory[PATH_MAX])
{
	const char *slash = strrchr(path, '/');

	(void)snprintf(ret_directory, PATH_MAX, "%.*s", slash ? (int)(slash - path) : 0, path);
}

/* The name under which the entry that a change makes, moves or removes is there in the end. */
static const char *last_name(const struct platter *platter, size_t change)
{
	const struct event *event = platter->changes[change];
	const char *name = event->kind == EVENT_RENAME ? event->to : event->path;

	for (size_t i = change + 1; i < platter->change_count; i++) {
		const struct event *later = platter->changes[i];

		if (later->kind == EVENT_RENAME && strcmp(later->path, name) == 0)
			name = later->to;
	}
	return name;
}

static void change_some_names(const struct platter *platter, struct random *random, struct names *names)
{
	uint64_t draw[crypto_shorthash_KEYBYTES / 8];

	for (size_t i = 0; i < sizeof draw / sizeof *draw; i++)
		draw[i] = random_next(random);

	for (size_t i = 0; i < platter->change_count; i++) {
		const char *name = last_name(platter, i);
		uint8_t hash[crypto_shorthash_BYTES];

		crypto_shorthash(hash, (const uint8_t *)name, strlen(name), (const uint8_t *)draw);
		if (hash[0] & 1)
			names_change(names, platter->changes[i]);
	}
}

static void change_names_in_order(const struct platter *platter, const struct cut *cut, struct random *random,
				  struct names *names)
{
	char seen[16][PATH_MAX];
	uint32_t left[16], count = 0;

	for (size_t i = 0; i < platter->change_count; i++) {
		char directory[PATH_MAX];
		uint32_t at = 0;

		directory_of(platter->changes[i]->path, directory);
		while (at < count && strcmp(seen[at], directory) != 0)
			at++;
		if (at == count) {
			const uint32_t all = changes_in(platter, directory);

			if (count == 16)
				abort();
			memcpy(seen[count], directory, PATH_MAX);
			left[count++] = cut->entries == ENTRIES_ALL ? all : random_below(random, (uint64_t)all + 1);
		}
		if (left[at]) {
			names_change(names, platter->changes[i]);
			left[at]--;
		}
	}
}

static void put(struct sectors_of *content, const struct pending *pending)
{
	if (pending->sector >= content->count) {
		if (!pending->bytes)
			return;
		content->at = must(reallocarray(content->at, pending->sector + 1, sizeof *content->at));
		memset(content->at + content->count, 0, (pending->sector + 1 - content->count) * sizeof *content->at);
		content->count = pending->sector + 1;
	}
	content->at[pending->sector] = pending->bytes;
}

/* One of those that would change what is on the disk; -1 if none does. */
static ssize_t draw_pending(const struct disk_file *file, struct random *random)
{
	uint32_t changing = 0;

	for (size_t i = 0; i < file->pending_count; i++)
		changing += file->pending[i].bytes != sector_at(&file->durable, file->pending[i].sector);
	if (!changing)
		return -1;
	uint32_t drawn = random_below(random, changing);

	for (size_t i = 0; i < file->pending_count; i++)
		if (file->pending[i].bytes != sector_at(&file->durable, file->pending[i].sector) && drawn-- == 0)
			return (ssize_t)i;
	return -1;
}

static bool is_kept(enum sectors sectors, size_t index, ssize_t drawn, struct random *random)
{
	switch (sectors) {
	case SECTORS_NONE:
		return false;
	case SECTORS_ALL:
		return true;
	case SECTORS_FIRST:
		return (ssize_t)index <= drawn;
	case SECTORS_LAST:
		return (ssize_t)index >= drawn;
	case SECTORS_SOME:
		return random_percent(random, 50);
	case SECTORS_ONE:
		return (ssize_t)index == drawn;
	case SECTORS_ALL_BUT_ONE:
		return (ssize_t)index != drawn;
	}
	return false;
}

static void note_lowest(size_t *lowest, size_t sector)
{
	if (sector < *lowest)
		*lowest = sector;
}

static void fill(struct image_file *into, const struct disk_file *file, const struct cut *cut, struct random *random)
{
	const ssize_t drawn = draw_pending(file, random);

	into->size = cut->old_sizes ? file->durable_size : file->size;
	into->content.count = file->durable.count;
	into->content.at = must(calloc(file->durable.count ? file->durable.count : 1, sizeof *into->content.at));
	if (file->durable.count)
		memcpy(into->content.at, file->durable.at, file->durable.count * sizeof *into->content.at);
	into->kept = into->lost = SIZE_MAX;
	for (size_t i = 0; i < file->pending_count; i++) {
		const struct pending *pending = &file->pending[i];
		const bool kept = is_kept(cut->sectors, i, drawn, random);

		if (pending->bytes != sector_at(&file->durable, pending->sector))
			note_lowest(kept ? &into->kept : &into->lost, pending->sector);
		if (kept)
			put(&into->content, pending);
	}
}

static int by_path(const void *x, const void *y)
{
	const struct image_file *a = x, *b = y;

	return strcmp(a->path, b->path);
}

struct image *platter_cut(const struct platter *platter, const struct cut *cut, struct random *random)
{
	struct image *image = must(calloc(1, sizeof *image));
	struct names names = platter->names;

	if (cut->entries == ENTRIES_SOME)
		change_some_names(platter, random, &names);
	else if (cut->entries != ENTRIES_NONE)
		change_names_in_order(platter, cut, random, &names);
	for (size_t i = 0; i < names.count; i++) {
		struct image_file *file = &image->files[image->count++];

		file->path = names.at[i].path;
		file->is_directory = names.at[i].is_directory;
		if (!file->is_directory)
			fill(file, &platter->files[names.at[i].file], cut, random);
	}
	qsort(image->files, image->count, sizeof *image->files, by_path);
	return image;
}

void image_free(struct image **image)
{
	if (!*image)
		return;
	for (size_t i = 0; i < (*image)->count; i++)
		free((*image)->files[i].content.at);
	free(*image);
	*image = NULL;
}

bool image_is_torn(const struct image *image, const char *path, size_t end)
{
	for (size_t i = 0; i < image->count; i++) {
		const struct image_file *file = &image->files[i];

		if (!file->is_directory && strncmp(file->path, path, strlen(path)) == 0 && file->kept < end &&
		    file->lost < end)
			return true;
	}
	return false;
}

/* Sectors below the file's length that aren't zeros. */
static const uint8_t *content_at(const struct image_file *file, size_t sector)
{
	return (uint64_t)sector * SECTOR_BYTES < file->size ? file->content.at[sector] : NULL;
}

void image_hash(const struct image *image, const char *directory, uint8_t ret_hash[IMAGE_HASH_BYTES])
{
	crypto_generichash_state hash;

	crypto_generichash_init(&hash, NULL, 0, IMAGE_HASH_BYTES);
	for (size_t i = 0; i < image->count; i++) {
		const struct image_file *file = &image->files[i];

		if (strncmp(file->path, directory, strlen(directory)) != 0)
			continue;
		crypto_generichash_update(&hash, (const uint8_t *)file->path, strlen(file->path) + 1);
		crypto_generichash_update(&hash, (const uint8_t *)&file->size, sizeof file->size);
		for (size_t sector = 0; sector < file->content.count; sector++) {
			const uint8_t *bytes = content_at(file, sector);

			if (!bytes)
				continue;
			crypto_generichash_update(&hash, (const uint8_t *)&sector, sizeof sector);
			crypto_generichash_update(&hash, bytes, SECTOR_BYTES);
		}
	}
	crypto_generichash_final(&hash, ret_hash, IMAGE_HASH_BYTES);
}

static void write_file(const struct image_file *file, const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return; /* its directory was lost */
	if (ftruncate(fd, (off_t)file->size) < 0)
		abort();
	for (size_t sector = 0; sector < file->content.count; sector++) {
		const uint8_t *bytes = content_at(file, sector);
		const uint64_t at = (uint64_t)sector * SECTOR_BYTES;
		const size_t size = file->size - at < SECTOR_BYTES ? (size_t)(file->size - at) : SECTOR_BYTES;

		if (bytes && pwrite(fd, bytes, size, (off_t)at) != (ssize_t)size)
			abort();
	}
	close(fd);
}

void image_write(const struct image *image, const char *directory)
{
	for (size_t i = 0; i < image->count; i++) {
		char path[2 * PATH_MAX];

		(void)snprintf(path, sizeof path, "%s/%s", directory, image->files[i].path);
		if (image->files[i].is_directory)
			(void)mkdir(path, 0700);
		else
			write_file(&image->files[i], path);
	}
}
