#include "config/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define EXAMPLE MTR_SOURCE_DIR "/systemd/matriculad.conf.example"

static bool read_text(const char *text, struct mtr_config *ret_config, struct mtr_config_problem *ret_problem)
{
	char path[] = "/tmp/matricula-config-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	bool read = mtr_config_read(path, ret_config, ret_problem);

	unlink(path);
	return read;
}

static void expect_problem(const char *text, unsigned line, const char *part)
{
	struct mtr_config config, untouched;
	struct mtr_config_problem problem;

	memset(&config, 0x5a, sizeof config);
	memcpy(&untouched, &config, sizeof config);
	if (read_text(text, &config, &problem))
		fail_msg("accepted: %s", text);
	if (!strstr(problem.text, part))
		fail_msg("\"%s\" isn't in \"%s\"", part, problem.text);
	assert_int_equal(problem.line, line);
	assert_memory_equal(&config, &untouched, sizeof config);
}

static void test_values(void **state)
{
	struct mtr_config config;
	struct mtr_config_problem problem;

	(void)state;
	assert_true(read_text("[network]\nlisten = tcp://127.0.0.1:*\n[storage]\ndata_directory=/srv/m\nmap_size = 3G\n"
			      "journal_segment_size = 8192K\n[commit]\nidle_ms=7\nlongest_ms=80\nputs=1000\n[limits]\n"
			      "sessions=5\nqueue=6\nreaders=3\nin_flight=8\n[log]\nlevel=debug\n",
			      &config, &problem));
	assert_string_equal(config.listen, "tcp://127.0.0.1:*");
	assert_string_equal(config.data_directory, "/srv/m");
	assert_int_equal(config.map_size, UINT64_C(3) << 30);
	assert_int_equal(config.journal_segment_size, 8u << 20);
	assert_int_equal(config.commit_idle_ms, 7);
	assert_int_equal(config.commit_longest_ms, 80);
	assert_int_equal(config.commit_puts, 1000);
	assert_int_equal(config.sessions, 5);
	assert_int_equal(config.queue, 6);
	assert_int_equal(config.readers, 3);
	assert_int_equal(config.in_flight, 8);
	assert_int_equal(config.log_level, MTR_LOG_DEBUG);
}

static void test_problems(void **state)
{
	char text[512];

	(void)state;
	expect_problem("[network]\nlisten = tcp://127.0.0.1:1\nport = 3\n", 3, "no key \"port\"");
	expect_problem("; a comment\n\n[netwrok]\nlisten = tcp://127.0.0.1:1\n", 4, "section [netwrok]");
	expect_problem("listen = tcp://127.0.0.1:1\n", 1, "section []");
	expect_problem("[log]\nlevel = loud\n", 2, "error, warning, notice");
	expect_problem("[log]\nlevel = info\nlevel = info\n", 3, "twice");
	expect_problem("[limits]\nsessions = 0\n", 2, "from 1 to 8192");
	expect_problem("[limits]\nsessions = 8193\n", 2, "from 1 to 8192");
	expect_problem("[limits]\nsessions = -1\n", 2, "whole number");
	expect_problem("[limits]\nsessions = 0x10\n", 2, "whole number");
	expect_problem("[limits]\nsessions = 10K\n", 2, "whole number");
	expect_problem("[limits]\nsessions =\n", 2, "whole number");
	expect_problem("[limits]\nsessions = 99999999999999999999999\n", 2, "whole number");
	expect_problem("[storage]\nmap_size = 1T\n", 2, "K, M or G");
	expect_problem("[storage]\nmap_size = 1GB\n", 2, "K, M or G");
	expect_problem("[storage]\nmap_size = 18446744073709551615G\n", 2, "K, M or G");
	expect_problem("[storage]\nmap_size = 131071K\n", 2, "from 134217728");
	expect_problem("[storage]\ndata_directory = var/lib\n", 2, "absolute path");
	expect_problem("[backup]\npublic_key = xyz\n", 2, "40 characters of Z85");
	expect_problem("[backup]\ndirectory = backups\n", 2, "absolute path");
	expect_problem("[network]\nlisten = ipc:///tmp/x\n", 2, "tcp://");
	expect_problem("[network]\nlisten = tcp://127.0.0.1\n", 2, "tcp://");
	expect_problem("[network]\nlisten = tcp://:7420\n", 2, "tcp://");
	expect_problem("[network]\nlisten = tcp://127.0.0.1:0\n", 2, "tcp://");
	expect_problem("[network]\nlisten = tcp://127.0.0.1:65536\n", 2, "tcp://");
	expect_problem("[network]\nnonsense\n", 2, "neither");
	expect_problem("[network\n", 1, "neither");
	expect_problem("[commit]\nidle_ms = 100\nlongest_ms = 99\n", 0, "greater than longest_ms");

	int start = snprintf(text, sizeof text, "\n; ");

	memset(text + start, 'x', 300);
	snprintf(text + start + 300, sizeof text - (size_t)start - 300, "\n[log]\nlevel = info\n");
	expect_problem(text, 2, "longer than");
}

static void test_missing_file(void **state)
{
	struct mtr_config config;
	struct mtr_config_problem problem;

	(void)state;
	assert_false(mtr_config_read("/nonexistent/matriculad.conf", &config, &problem));
	assert_int_equal(problem.line, 0);
	assert_non_null(strstr(problem.text, "No such file"));
	assert_false(mtr_config_read("/tmp", &config, &problem));
}

/* The example has every key at its default, so with the marks of comment taken away it reads as no file at all. */
static void test_example(void **state)
{
	FILE *file = fopen(EXAMPLE, "r");
	struct mtr_config defaults, config;
	struct mtr_config_problem problem;
	struct mtr_config_key key;
	char line[512], text[8192] = "";

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof line, file))
		strncat(text, line[0] == ';' && line[1] != ' ' ? line + 1 : line, sizeof text - strlen(text) - 1);
	fclose(file);
	if (!read_text(text, &config, &problem))
		fail_msg("line %u: %s", problem.line, problem.text);
	mtr_config_defaults(&defaults);
	for (size_t i = 0; mtr_config_key(i, &key); i++) {
		snprintf(line, sizeof line, "\n%s =", key.name);
		if (!strstr(text, line))
			fail_msg("[%s] %s isn't in the example", key.section, key.name);
		assert_true(mtr_config_same(&defaults, &config, i));
	}
	assert_true(mtr_config_read(EXAMPLE, &config, &problem));
}

static void test_reload(void **state)
{
	struct mtr_config config, fresh;
	struct mtr_config_problem problem;
	struct mtr_config_key key;

	(void)state;
	mtr_config_defaults(&config);
	assert_true(read_text("[network]\nlisten = tcp://10.0.0.1:9\n[limits]\nsessions=5\nin_flight=9\nreaders=9\n"
			      "[backup]\ndirectory=/srv/backups\nkeep=3\n[log]\nlevel=error\n",
			      &fresh, &problem));
	mtr_config_reload(&config, &fresh);
	assert_string_equal(config.backup_directory, "/srv/backups");
	assert_string_equal(config.backup_public_key, "");
	assert_int_equal(config.backup_keep, 3);
	assert_int_equal(config.sessions, 5);
	assert_int_equal(config.in_flight, 9);
	assert_int_equal(config.log_level, MTR_LOG_ERROR);
	assert_int_equal(config.readers, 2);
	assert_string_equal(config.listen, "tcp://127.0.0.1:7420");
	for (size_t i = 0; mtr_config_key(i, &key); i++)
		assert_true(key.at_run_time || strcmp(key.name, "listen") == 0 || strcmp(key.name, "readers") == 0 ||
			    mtr_config_same(&config, &fresh, i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),  cmocka_unit_test(test_problems), cmocka_unit_test(test_missing_file),
		cmocka_unit_test(test_example), cmocka_unit_test(test_reload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
