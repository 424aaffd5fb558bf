/* cadre DATA PLANS OUT yyyymmdd: writes the invented cadre of An Giang as the lists that its desks send.
 * The same day gives the same files on every machine. */
#include "cadre.h"

#include <stdlib.h>

static uint32_t parse_day(const char *text)
{
	char *end;
	unsigned long day = strtoul(text, &end, 10);
	if (*end || day < 20200101 || day > 20991231)
		die("not a day as yyyymmdd from 2020 on: %s", text);
	return (uint32_t)day;
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		fprintf(stderr, "Usage: %s DATA PLANS OUT yyyymmdd\n", argv[0]);
		return 2;
	}
	struct cadre *cadre = calloc(1, sizeof *cadre);
	if (!cadre)
		die("no memory");
	cadre->seed = 1032020; /* plan 103-KH/TU of 2020 */
	cadre->day = parse_day(argv[4]);
	cadre->year = cadre->day / 10000;
	cadre_load(cadre, argv[1], argv[2]);
	make_people(cadre);
	make_shares(cadre);
	write_lists(cadre, argv[3]);
	write_nominations(cadre, argv[3]);
	cadre_free(cadre);
	free(cadre);
	return 0;
}
