/* What can be wrong in a store: in each table, and in the file. */
#include "seeds.h"

#include "store/store.h"

#include <string.h>

/* As in targets/rows.c. */
enum kind { ROW, PUT, CHANGE, DROP, FILE_BYTES, FILE_SIZE, QUERY, COMMAND, CURSOR };

#define PAGE 4096u

static void add_bytes(struct seed_list *list, unsigned kind, unsigned who, const void *bytes, size_t size)
{
	seed_add(list, kind, who, seed_copy((struct mtr_bytes){bytes, size}));
}

static void add_queries(struct seed_list *list, unsigned number)
{
	size_t count;
	const struct mtr_bytes *queries = seed_queries(&count);

	for (unsigned i = 0; i < 12; i++)
		seed_add(list, QUERY, number + i, queries[(number * 12 + i) % count]);
}

static void tables(void)
{
	struct seed_list list = {.count = 0};
	const uint8_t number[] = {0, 5}, change[] = {0, 3, 0, 9, 0xFF, 0x01, 0x80},
		      put[] = {4, 'a', 'b', 'c', 'd', 1, 2, 3, 4, 5, 6, 7, 8}, row[] = {0, 30, 8, 1, 18, 2, 'U', '1'};

	for (unsigned table = 0; table < MTR_TABLES; table++) {
		add_bytes(&list, CHANGE, table, change, sizeof change);
		add_queries(&list, table);
		seed_write(&list, "rows", "changed", table);
		add_bytes(&list, DROP, table, number, sizeof number);
		add_queries(&list, table + 1);
		seed_write(&list, "rows", "dropped", table);
		add_bytes(&list, PUT, table, put, sizeof put);
		add_bytes(&list, ROW, table, row, sizeof row);
		add_queries(&list, table + 2);
		seed_write(&list, "rows", "put", table);
	}
}

static void file(void)
{
	struct seed_list list = {.count = 0};

	for (unsigned page = 0; page < 60; page += 3) {
		uint32_t offset = page * PAGE + 16 + page;
		uint8_t bytes[] = {(uint8_t)(offset >> 24), (uint8_t)(offset >> 16), (uint8_t)(offset >> 8),
				   (uint8_t)offset,         (uint8_t)(page * 5),     0x10};

		add_bytes(&list, FILE_BYTES, 0, bytes, sizeof bytes);
		add_queries(&list, page);
		seed_write(&list, "rows", "page", page);
	}
	add_bytes(&list, FILE_SIZE, 0, (const uint8_t[]){0, 2, 0, 7}, 4);
	seed_write(&list, "rows", "size", 1);
	/* As in store/cursor.h, of the world's incarnation. */
	add_bytes(&list, CURSOR, 1, "\1\0\0\0\0\0\0\0\7", 9);
	seed_write(&list, "rows", "cursor", 1);
}

void seed_rows(void)
{
	tables();
	file();
}
