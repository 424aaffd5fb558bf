#include "desk.h"

#include "commands.h"
#include "desk_state.h"
#include "keys.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define COMMAND_BYTES 4096u
#define ENTRIES_AT_ONCE 4u
#define TIMEOUT_MS 10000u

bool desk_expects(int error)
{
	return error == 0 || (error == MTR_CLIENT_UNSIGNED && sim_installed()->tally->events[EVENT_UNSIGNED]) ||
	       error == MTR_CLIENT_NO_LINK || error == MTR_CLIENT_BUSY || error == MTR_CLIENT_KEY_REFUSED;
}

struct desk *desk_new(struct sim *sim, uint32_t number, uint32_t principal, const char *name)
{
	struct desk *desk = calloc(1, sizeof *desk);

	if (!desk)
		abort();
	desk->sim = sim;
	desk->number = number;
	(void)snprintf(desk->name, sizeof desk->name, "%s", name);
	desk->account = (struct account){.sim = sim, .name = desk->name, .principal = principal};
	desk->computer = (struct computer){.sim = sim, .name = desk->name};
	/* Clocks of desks are wrong by anything up to years. */
	if (random_percent(&sim->random, 60))
		desk->computer.clock_ms =
			(int64_t)random_below(&sim->random, 40) * (int64_t)SIM_DAY * 90 - (int64_t)SIM_DAY * 1800;
	(void)snprintf(desk->directory, sizeof desk->directory, "%s/desk-%" PRIu32, sim->directory, number);
	(void)snprintf(desk->key_file, sizeof desk->key_file, "%s/desk-%" PRIu32 ".key", sim->directory, number);
	if (mtr_key_file_write(desk->key_file, key_pair(principal), "desk") != MTR_KEY_FILE_OK)
		abort();
	desk->work_at = random_below(&sim->random, SIM_MINUTE);
	desk->rounds = random_between(&sim->random, 3, 6);
	desk->wake = desk->send_at = desk->sync_at = desk->restart_at = SIM_NEVER;
	desk->connect_at = desk->lost_at = SIM_NEVER;
	return desk;
}

uint32_t desk_principal(const struct desk *desk)
{
	return desk->account.principal;
}

struct account *desk_account(struct desk *desk)
{
	return &desk->account;
}

struct computer *desk_computer(struct desk *desk)
{
	return &desk->computer;
}

void desk_mirror_directory(const struct desk *desk, char ret_path[SIM_PATH_MAX])
{
	(void)snprintf(ret_path, SIM_PATH_MAX, "%s/desk-%" PRIu32 "/mirror", desk->sim->directory, desk->number);
}

/* What the outbox on the disk must have kept. */
static void check_outbox(struct desk *desk)
{
	struct account *account = &desk->account;
	struct mtr_outbox_state state;

	if (mtr_outbox_state(desk->client->outbox, &state)) {
		sim_fail(desk->sim, "%s: the outbox can't be read", desk->name);
		return;
	}
	account_outbox(account, state.id, state.base);
	if (state.next - 1 != account->count && state.next - 1 != account->count + account->pending)
		sim_fail(desk->sim, "%s: the outbox holds %" PRIu64 " entries, %" PRIu32 " were written", desk->name,
			 state.next - 1, account->count);
	account->count = (uint32_t)state.next - 1;
	account->pending = 0;
	if (state.first_unanswered < account->marked && state.former_end <= state.first_unanswered)
		sim_fail(desk->sim, "%s: the outbox forgot the answers from %" PRIu64 " on", desk->name,
			 state.first_unanswered);
	if (state.halted)
		sim_fail(desk->sim, "%s: the outbox is halted", desk->name);
	account->marked = state.first_unanswered;
	for (uint64_t i = state.base + 1; i < state.first_unanswered; i++)
		if (!account->entries[i - 1].answer.data)
			sim_fail(desk->sim, "%s: entry %" PRIu64 " is marked as answered, but never was", desk->name,
				 i);
}

void desk_start(struct desk *desk)
{
	char server_key[MTR_KEY_TEXT];
	const struct mtr_client_options options = {.endpoint = "tcp://register:1",
						   .server_key = server_key,
						   .key_file = desk->key_file,
						   .state_directory = desk->directory,
						   .timeout_ms = TIMEOUT_MS};
	int error;

	desk->restart_at = SIM_NEVER;
	mtr_key_text(key_pair(SIM_REGISTER)->public_key, server_key);
	desk_enter(desk);
	error = mtr_client_open(&desk->client, &options);
	if (error && !desk->computer.down)
		sim_fail(desk->sim, "%s doesn't start: %s", desk->name, mtr_client_error_name(error));
	if (!error && !desk->computer.down) {
		check_outbox(desk);
		if (desk->account.marked <= desk->account.count && desk->send_at == SIM_NEVER)
			desk->send_at = desk->sim->now + random_below(&desk->sim->random, SIM_MINUTE);
	}
	desk_enter(NULL);
}

/* Ends the process: what is under way is given up. */
static void stop(struct desk *desk)
{
	desk_enter(desk);
	while (desk->syncing)
		desk_go_on_with_sync(desk);
	if (desk->sending)
		mtr_sender_end(&desk->sender);
	desk->sending = false;
	mtr_client_close(&desk->client);
	desk_link_drop(desk);
	desk_enter(NULL);
	desk->wake = SIM_NEVER;
}

void desk_close(struct desk *desk)
{
	stop(desk);
}

void desk_free(struct desk **desk)
{
	if (!*desk)
		return;
	(*desk)->computer.down = true;
	stop(*desk);
	computer_restore(&(*desk)->computer);
	account_free(&(*desk)->account);
	free(*desk);
	*desk = NULL;
}

void desk_settle(struct desk *desk)
{
	struct sim *sim = desk->sim;

	if (!desk->computer.down)
		return;
	stop(desk);
	computer_restore(&desk->computer);
	desk->restart_at = sim->now + random_below(&sim->random, sim_mishap(sim, 30) ? SIM_DAY : SIM_MINUTE);
}

void desk_cut(struct desk *desk, uint64_t ms)
{
	desk->cut_until = desk->sim->now + ms;
	if (!desk->connection)
		return;
	wire_hang_up(desk->sim->wire, desk->connection);
	desk->lost_at = desk->sim->now + random_below(&desk->sim->random, 15 * SIM_SECOND);
	if (desk->lost_at < desk->wake)
		desk->wake = desk->lost_at;
}

void desk_server_gone(struct desk *desk)
{
	uint64_t notices = desk->sim->now + random_below(&desk->sim->random, 15 * SIM_SECOND);

	if (desk->connection && notices < desk->lost_at)
		desk->lost_at = notices;
	if (desk->lost_at < desk->wake)
		desk->wake = desk->lost_at;
}

void desk_restored(struct desk *desk, uint64_t revision)
{
	while (desk->inbox) {
		struct packet *next = desk->inbox->next;

		free(desk->inbox);
		desk->inbox = next;
	}
	account_restored(&desk->account, revision);
	/* Somebody looks at the mirror, and so the desk learns of it. */
	desk->sync_at = desk->sim->now + random_below(&desk->sim->random, 3 * SIM_MINUTE);
}

void desk_backed_up(struct desk *desk)
{
	struct random *random = &desk->sim->random;

	desk->hears_of_backup = desk->account.count && random_percent(random, 70);
	if (desk->hears_of_backup && desk->send_at == SIM_NEVER)
		desk->send_at = desk->sim->now + random_below(random, SIM_MINUTE / 2);
}

bool desk_has_met(struct desk *desk)
{
	struct mtr_outbox_pins pins;

	return desk->client && !desk->computer.down && !mtr_outbox_pins(desk->client->outbox, &pins) && pins.met &&
	       pins.has_recovery_key;
}

void desk_take(struct desk *desk, const struct packet *packet)
{
	struct packet *copy, **at = &desk->inbox;

	if (!desk->client || packet->connection != desk->connection ||
	    !wire_open_at_desk(desk->sim->wire, packet->connection))
		return;
	account_arrival(&desk->account, packet->bytes, packet->size);
	copy = malloc(sizeof *copy + packet->size);
	if (!copy)
		abort();
	memcpy(copy, packet, sizeof *copy + packet->size);
	copy->next = NULL;
	while (*at)
		at = &(*at)->next;
	*at = copy;
	if (desk->wake != SIM_NEVER)
		desk->wake = desk->sim->now;
}

/* Somebody sits down and writes. */
static void work(struct desk *desk)
{
	struct sim *sim = desk->sim;
	struct account *account = &desk->account;
	struct mtr_client_command commands[ENTRIES_AT_ONCE];
	uint8_t bytes[ENTRIES_AT_ONCE][COMMAND_BYTES];
	uint32_t count = random_between(&sim->random, 1, ENTRIES_AT_ONCE);
	int error;

	desk->rounds--;
	desk->work_at = desk->rounds ? sim->now + random_below(&sim->random, 10 * SIM_MINUTE) : SIM_NEVER;
	if (account->principal == PRINCIPAL_AUDITOR) {
		desk->sync_at = sim->now;
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		size_t size = command_make(sim, account->principal, mtr_time_of_day(), bytes[i], COMMAND_BYTES);

		commands[i] = (struct mtr_client_command){.command = bytes[i], .size = size};
		account_enqueue(account, account->count + i, bytes[i], size);
	}
	account->pending = count;
	/* As another process of the desk would: this one may be in the middle of something. */
	error = mtr_outbox_append(desk->client->outbox, commands, count, mtr_time_of_day());
	if (desk->computer.down)
		return;
	account->pending = 0;
	if (error) {
		sim_fail(sim, "%s can't write: %s", desk->name, mtr_client_error_name(error));
		return;
	}
	for (uint32_t i = 0; i < count; i++)
		if (commands[i].sequence != ++account->count)
			sim_fail(sim, "%s: entry %" PRIu32 " got number %" PRIu64, desk->name, account->count,
				 commands[i].sequence);
	sim_note(sim, "%s writes entries up to %" PRIu32, desk->name, account->count);
	if (desk->send_at == SIM_NEVER && random_percent(&sim->random, 80))
		desk->send_at = sim->now + random_below(&sim->random, SIM_MINUTE);
}

static uint64_t least(uint64_t x, uint64_t y)
{
	return x < y ? x : y;
}

uint64_t desk_due(const struct desk *desk)
{
	if (!desk->client)
		return desk->restart_at;
	if (desk->sending || desk->syncing)
		return least(desk->work_at, desk->wake);
	return least(desk->work_at, least(desk->send_at, desk->sync_at));
}

void desk_turn(struct desk *desk)
{
	const uint64_t now = desk->sim->now;

	if (!desk->client) {
		desk_start(desk);
		return;
	}
	desk_enter(desk);
	if (desk->work_at <= now)
		work(desk);
	else if (desk->sending)
		desk_go_on_sending(desk);
	else if (desk->syncing)
		desk_go_on_with_sync(desk);
	else if (desk->account.refused)
		desk->send_at = desk->sync_at = SIM_NEVER;
	else if (desk->send_at <= now)
		desk_begin_sending(desk);
	else if (desk->sync_at <= now)
		desk_begin_sync(desk);
	desk_enter(NULL);
}

void desk_send_all(struct desk *desk)
{
	desk->work_at = SIM_NEVER;
	desk->cut_until = 0;
	if (!desk->client)
		desk->restart_at = desk->sim->now;
	if (!desk->sending)
		desk->send_at = desk->sim->now;
}

void desk_sync(struct desk *desk)
{
	desk->sync_at = desk->sim->now;
}

bool desk_idle(const struct desk *desk)
{
	return desk->client && !desk->sending && !desk->syncing && desk->send_at == SIM_NEVER &&
	       desk->sync_at == SIM_NEVER;
}
