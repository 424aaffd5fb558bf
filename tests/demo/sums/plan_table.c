#include "plan_table.h"

#include "answer.h"
#include "contract/text.h"

#include <stdio.h>

enum { NAME_COLUMNS = 34, BAR_COLUMNS = 20 };

/* A name cut to the column's width, at a character's end. */
static void print_name(const char *name)
{
	char room[4 * NAME_COLUMNS + 8];
	size_t size = 0, whole = 0;
	for (const char *at = name; *at && size + 1 < sizeof room; at++) {
		if (((unsigned char)*at & 0xc0) != 0x80) {
			room[size] = '\0';
			if (mtr_text_width(room) >= NAME_COLUMNS)
				break;
			whole = size;
		}
		room[size++] = *at;
	}
	room[size] = '\0';
	if (mtr_text_width(room) > NAME_COLUMNS)
		room[whole] = '\0';
	printf("%s%*s", room, (int)(NAME_COLUMNS + 1 - mtr_text_width(room)), "");
}

/* Of the seats: enrolled, decided, held, free. */
static void print_bar(long long seats, long long held, long long decided, long long enrolled)
{
	for (long long n = 0; n < BAR_COLUMNS; n++) {
		long long seat = n * seats / BAR_COLUMNS;
		fputs(seat < enrolled ? "█" : seat < decided ? "▓" : seat < held ? "▒" : "·", stdout);
	}
	putchar('\n');
}

void plan_table(const json_t *programmes)
{
	static const char *const keys[] = {"seats", "held", "waiting", "decided", "enrolled"};
	long long sums[5] = {0};
	size_t index;
	const json_t *row;
	printf("  %-14s %-*s %6s %6s %8s %8s %8s\n", "Programme", NAME_COLUMNS, "", "seats", "held", "waiting",
	       "decided", "enrolled");
	json_array_foreach(programmes, index, row)
	{
		long long figures[5];
		printf("  %-14s ", answer_text(row, "programme"));
		print_name(answer_text(row, "name"));
		for (int n = 0; n < 5; n++) {
			figures[n] = answer_number(row, keys[n]);
			sums[n] += figures[n];
			printf(n < 2 ? "%6lld " : "%8lld ", figures[n]);
		}
		print_bar(figures[0], figures[1], figures[3], figures[4]);
	}
	printf("  %-14s %-*s ", "All", NAME_COLUMNS, "");
	for (int n = 0; n < 5; n++)
		printf(n < 2 ? "%6lld " : "%8lld ", sums[n]);
	printf("\n  █ enrolled  ▓ decided  ▒ held  · free\n\n");
}
