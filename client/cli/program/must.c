#include "program/must.h"
#include "program/exit.h"
#include "program/i18n.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *mtr_must(void *pointer)
{
	if (!pointer) {
		fprintf(stderr, "%s\n", _("Not enough memory."));
		exit(MTR_EXIT_LOCAL);
	}
	return pointer;
}

void *mtr_must_alloc(struct mtr_arena *arena, size_t size)
{
	return mtr_must(mtr_arena_alloc(arena, size));
}

void *mtr_must_array(struct mtr_arena *arena, size_t count, size_t size)
{
	return mtr_must(mtr_arena_array(arena, count ? count : 1, size));
}

char *mtr_must_text(struct mtr_arena *arena, const char *text)
{
	return mtr_must(mtr_arena_text(arena, text));
}

char *mtr_must_print(struct mtr_arena *arena, const char *format, ...)
{
	va_list list;
	va_list again;

	va_start(list, format);
	va_copy(again, list);
	int size = vsnprintf(NULL, 0, format, list);
	va_end(list);
	char *text = mtr_must_alloc(arena, size < 0 ? 1 : (size_t)size + 1);
	if (size > 0)
		vsnprintf(text, (size_t)size + 1, format, again);
	va_end(again);
	return text;
}

void mtr_growing_add(struct mtr_growing *text, const char *bytes, size_t size)
{
	if (text->room - text->size <= size) {
		size_t room = (text->room + size + 1) * 2;
		text->data = mtr_must(realloc(text->data, room));
		text->room = room;
	}
	if (size > 0)
		memcpy(text->data + text->size, bytes, size);
	text->size += size;
	text->data[text->size] = '\0';
}

void mtr_growing_text(struct mtr_growing *text, const char *more)
{
	mtr_growing_add(text, more, strlen(more));
}

void mtr_growing_free(struct mtr_growing *text)
{
	free(text->data);
	*text = (struct mtr_growing){0};
}

char *mtr_growing_take(struct mtr_growing *text, struct mtr_arena *arena)
{
	char *copy = mtr_must_text(arena, text->data ? text->data : "");
	mtr_growing_free(text);
	return copy;
}
