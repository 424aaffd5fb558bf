/* Who sees which home, by docs/rules.md and the roles' description: neither less nor more. */
#include "compare.h"

#include "model_internal.h"
#include "register/scope.h"
#include "store/read.h"

#include <inttypes.h>
#include <stdio.h>

#define ARENA_BYTES (16u << 20)
#define HOMES_MAX 4096u

struct homes {
	struct mtr_home list[HOMES_MAX];
	size_t count;
};

static bool add_home(void *context, struct mtr_home home)
{
	struct homes *homes = context;

	if (homes->count == HOMES_MAX)
		return false;
	homes->list[homes->count++] = home;
	return true;
}

/* Some unit of the subtree has a part in the programme. */
static bool takes_part(const struct model *m, const struct homes *homes, uint32_t programme_id, uint32_t root_id)
{
	for (size_t i = 0; i < homes->count; i++)
		if (homes->list[i].kind == MTR__HOME_KIND__HOME_KIND_PART && homes->list[i].a == programme_id &&
		    model_within(m, homes->list[i].b, root_id))
			return true;
	return false;
}

static bool nominator_sees(const struct model *m, const Mtr__Principal *who, struct mtr_home home)
{
	if (home.kind == MTR__HOME_KIND__HOME_KIND_PEOPLE)
		return model_within(m, home.a, who->unit_id);
	return home.kind == MTR__HOME_KIND__HOME_KIND_PART && model_within(m, home.b, who->unit_id);
}

static bool organiser_sees(const struct model *m, const Mtr__Principal *who, struct mtr_home home)
{
	if (home.kind == MTR__HOME_KIND__HOME_KIND_PEOPLE)
		return model_within(m, home.a, model_acting_root(m, who->unit_id));
	if (home.kind == MTR__HOME_KIND__HOME_KIND_PART || home.kind == MTR__HOME_KIND__HOME_KIND_PROGRAMME)
		return organises(m, who, home.a);
	return home.kind == MTR__HOME_KIND__HOME_KIND_CLASS && organises(m, who, m->classes[home.a]->programme_id);
}

static bool school_sees(const struct model *m, const Mtr__Principal *who, struct mtr_home home)
{
	return home.kind == MTR__HOME_KIND__HOME_KIND_CLASS &&
	       (is_or_became(m, m->classes[home.a]->provider_unit_id, who->unit_id) ||
		is_or_became(m, m->classes[home.a]->student_manager_unit_id, who->unit_id));
}

static bool sees(const struct model *m, const struct homes *homes, const Mtr__Principal *who, struct mtr_home home)
{
	if (home.kind == MTR__HOME_KIND__HOME_KIND_PUBLIC || who->role == MTR__ROLE__ROLE_AUDITOR)
		return true;
	switch (who->role) {
	case MTR__ROLE__ROLE_NOMINATOR:
		return nominator_sees(m, who, home);
	case MTR__ROLE__ROLE_APPROVER:
		return nominator_sees(m, who, home) ||
		       (home.kind == MTR__HOME_KIND__HOME_KIND_PROGRAMME && takes_part(m, homes, home.a, who->unit_id));
	case MTR__ROLE__ROLE_ORGANISER:
		return organiser_sees(m, who, home);
	case MTR__ROLE__ROLE_SCHOOL:
		return school_sees(m, who, home);
	case MTR__ROLE__ROLE_OPERATOR:
		return home.kind == MTR__HOME_KIND__HOME_KIND_PRINCIPALS;
	case MTR__ROLE__ROLE_AUDITOR:
	case MTR__ROLE__ROLE_UNSPECIFIED:
	case _MTR__ROLE_IS_INT_SIZE:
	default:
		return false;
	}
}

static bool holds_home(const struct mtr_scope *scope, struct mtr_home home)
{
	for (size_t i = 0; i < scope->count && !scope->everything; i++)
		if (mtr_home_compare(scope->homes[i], home) == 0)
			return true;
	return scope->everything;
}

static bool compare_principal(const struct model *m, struct mtr_txn *txn, struct mtr_arena *arena,
			      const struct homes *homes, uint32_t id)
{
	const Mtr__Principal *row = mtr_read_principal(txn, arena, id);
	const struct mtr_scope *scope = row ? mtr_scope_of(txn, arena, row) : NULL;

	if (!scope)
		return false;
	for (size_t i = 0; i < homes->count; i++) {
		struct mtr_home home = homes->list[i];
		bool model = sees(m, homes, m->principals[id], home), found = holds_home(scope, home);

		if (model == found)
			continue;
		fprintf(stderr,
			"home %u:%" PRIu32 ":%" PRIu32 " for principal %" PRIu32 " (role %d, unit %" PRIu32
			"): model %s, register %s\n",
			home.kind, home.a, home.b, id, (int)row->role, row->unit_id, model ? "seen" : "hidden",
			found ? "seen" : "hidden");
		return false;
	}
	return true;
}

bool compare_scopes(const struct model *m, struct real *real)
{
	struct mtr_arena *arena = mtr_arena_new(ARENA_BYTES);
	struct homes *homes = arena ? mtr_arena_alloc(arena, sizeof *homes) : NULL;
	struct mtr_txn *txn = real_view(real);
	bool equal = homes != NULL;

	if (equal)
		mtr_each_home(txn, (struct mtr_bytes){0}, add_home, homes);
	for (uint32_t id = 1; equal && id <= m->principal_count; id++)
		equal = compare_principal(m, txn, arena, homes, id);
	mtr_arena_free(&arena);
	return equal && txn->error == MTR_STORE_OK;
}
