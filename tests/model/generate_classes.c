/* Classes and those who are called to them. */
#include "generate_internal.h"

static char *class_code(struct generator *g, uint32_t class_id)
{
	return chance(g, 2) ? text(g, "KHONG-CO") : text(g, g->m->classes[class_id]->code);
}

static bool has_ready(struct generator *g, uint32_t id, const void *context)
{
	const Mtr__Nomination *n = g->m->nominations[id];

	(void)context;
	return n->state == MTR__STATE__STATE_ACCEPTED ||
	       (n->state == MTR__STATE__STATE_DECIDED && !g->m->programmes[n->programme_id]->needs_acceptance);
}

static uint32_t day(struct generator *g)
{
	return 20250400 + between(g, 1, 30);
}

/* A school that teaches the programme, if it has a desk. */
static uint32_t school_of(struct generator *g, uint32_t programme)
{
	const Mtr__Programme *p = g->m->programmes[programme];

	if (!p->n_provider_unit_ids)
		return 0;
	return holder_of(g, MTR__ROLE__ROLE_SCHOOL, p->provider_unit_ids[below(g, p->n_provider_unit_ids)]);
}

bool make_open_class(struct generator *g, struct operation *op)
{
	Mtr__OpenClass *body = NEW(g, open_class);
	uint32_t ready = pick(g, g->m->nomination_count, has_ready, NULL);
	uint32_t programme = ready && chance(g, 85) ? g->m->nominations[ready]->programme_id : pick_programme(g);
	uint32_t asker = chance(g, 60) ? school_of(g, programme) : organiser_of(g, programme);
	const Mtr__Programme *p = g->m->programmes[programme];
	uint32_t provider = p->n_provider_unit_ids ? p->provider_unit_ids[0] : pick_unit(g);

	if (!asker || g->m->class_count >= MODEL_CLASSES - 2)
		return false;
	if (g->m->principals[asker]->role == MTR__ROLE__ROLE_SCHOOL)
		provider = g->m->principals[asker]->unit_id;
	if (chance(g, 6))
		provider = pick_unit(g);
	body->code = g->m->class_count && chance(g, 5) ? text(g, g->m->classes[1 + below(g, g->m->class_count)]->code)
						       : format(g, "L-%u", g->next_number++);
	body->programme_code = programme_code(g, programme);
	body->name = text(g, "Lớp");
	body->provider_unit_code = unit_code(g, provider);
	body->student_manager_unit_code = chance(g, 40) ? unit_code(g, model_unit(g->m, "TCT")) : text(g, "");
	body->opens_on = chance(g, 98) ? day(g) : 0;
	body->closes_on = chance(g, 85) ? day(g) : 0;
	if (body->closes_on && body->closes_on < body->opens_on && chance(g, 92))
		body->closes_on = body->opens_on;
	body->capacity = chance(g, 3) ? below(g, 2) * 10001 : between(g, 1, 8);
	body->out_of_plan = chance(g, 15);
	body->decision_number = document(g, 97);
	body->approval_number = document(g, 85);
	return finish(g, op, asker, MTR__COMMAND__BODY_OPEN_CLASS, body);
}

static bool class_is_open(struct generator *g, uint32_t id, const void *programme)
{
	const Mtr__Class *class = g->m->classes[id];

	return class->state == MTR__CLASS_STATE__CLASS_STATE_OPEN &&
	       class->programme_id == *(const uint32_t *)programme;
}

static bool class_is_closed(struct generator *g, uint32_t id, const void *programme)
{
	const Mtr__Class *class = g->m->classes[id];

	return class->state == MTR__CLASS_STATE__CLASS_STATE_CLOSED &&
	       class->programme_id == *(const uint32_t *)programme;
}

static bool ready_for(struct generator *g, uint32_t id, const void *programme)
{
	return has_ready(g, id, NULL) && g->m->nominations[id]->programme_id == *(const uint32_t *)programme;
}

/* Called to a class already, of another programme. */
static bool is_busy(struct generator *g, uint32_t id, const void *programme)
{
	const Mtr__Nomination *n = g->m->nominations[id];

	for (uint64_t other = 1; other <= g->m->nomination_count && ready_for(g, id, programme); other++)
		if (g->m->nominations[other]->person_id == n->person_id &&
		    (g->m->nominations[other]->state == MTR__STATE__STATE_SUMMONED ||
		     g->m->nominations[other]->state == MTR__STATE__STATE_ENROLLED))
			return true;
	return false;
}

static bool listed(const uint64_t *ids, size_t count, uint64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

bool make_summon(struct generator *g, struct operation *op)
{
	Mtr__Summon *body = NEW(g, summon);
	uint32_t ready = pick(g, g->m->nomination_count, has_ready, NULL), class, programme;

	if (!ready || !g->m->class_count)
		return false;
	programme = g->m->nominations[ready]->programme_id;
	class = chance(g, 85) ? pick(g, g->m->class_count, chance(g, 4) ? class_is_closed : class_is_open, &programme)
			      : 1 + below(g, g->m->class_count);
	if (!class)
		return false;
	programme = g->m->classes[class]->programme_id;
	body->class_code = class_code(g, class);
	body->number = document(g, 80);
	body->report_on = g->m->classes[class]->opens_on;
	body->nomination_ids = mtr_arena_array(g->arena, 8, sizeof *body->nomination_ids);
	for (uint32_t tries = between(g, 1, 4); tries > 0; tries--) {
		uint32_t id = chance(g, 94)
				      ? pick(g, g->m->nomination_count, chance(g, 10) ? is_busy : ready_for, &programme)
				      : pick_nomination(g, UINT32_MAX);

		if (id && (!listed(body->nomination_ids, body->n_nomination_ids, id) || chance(g, 4)))
			body->nomination_ids[body->n_nomination_ids++] = id;
	}
	return finish(g, op,
		      chance(g, 50) ? organiser_of(g, programme)
				    : holder_of(g, MTR__ROLE__ROLE_SCHOOL, g->m->classes[class]->provider_unit_id),
		      MTR__COMMAND__BODY_SUMMON, body);
}

/* Those of one class in one state. */
struct group {
	uint32_t class_id;
	Mtr__State state;
};

static bool in_group(struct generator *g, uint32_t id, const void *context)
{
	const struct group *group = context;

	return g->m->nominations[id]->class_id == group->class_id && g->m->nominations[id]->state == group->state;
}

static bool is_ended(struct generator *g, uint32_t id, const void *context)
{
	const Mtr__Nomination *n = g->m->nominations[id];

	(void)context;
	return n->class_id && g->m->classes[n->class_id]->state == MTR__CLASS_STATE__CLASS_STATE_CLOSED;
}

static void pick_ended(struct generator *g, struct group *group)
{
	uint32_t id = pick(g, g->m->nomination_count, is_ended, NULL);

	if (id)
		*group = (struct group){g->m->nominations[id]->class_id, g->m->nominations[id]->state};
}

/* The group of some nomination in this state; false when there is none. */
static bool pick_group(struct generator *g, Mtr__State state, struct group *ret_group)
{
	uint32_t id = pick_nomination(g, 1u << state);

	if (!id)
		return false;
	*ret_group = (struct group){g->m->nominations[id]->class_id, state};
	if (chance(g, 2))
		ret_group->class_id = 1 + below(g, g->m->class_count);
	else if (chance(g, 3))
		pick_ended(g, ret_group);
	return true;
}

static uint32_t some_of(struct generator *g, const struct group *group)
{
	return chance(g, 96) ? pick(g, g->m->nomination_count, in_group, group) : pick_nomination(g, UINT32_MAX);
}

bool make_enrol(struct generator *g, struct operation *op)
{
	Mtr__Enrol *body = NEW(g, enrol);
	uint64_t ids[8];
	struct group group;

	if (!pick_group(g, MTR__STATE__STATE_SUMMONED, &group))
		return false;
	body->class_code = class_code(g, group.class_id);
	body->attendances = mtr_arena_array(g->arena, 8, sizeof *body->attendances);
	for (uint32_t tries = between(g, 1, 5); tries > 0; tries--) {
		uint32_t id = some_of(g, &group);
		Mtr__Attendance *attendance = NEW(g, attendance);

		if (!id || (listed(ids, body->n_attendances, id) && !chance(g, 2)))
			continue;
		attendance->nomination_id = ids[body->n_attendances] = id;
		attendance->kind = (Mtr__AttendanceKind)(chance(g, 70) ? 1 : between(g, 2, 3));
		attendance->reason = reason(g, attendance->kind == 2 ? 90 : 20);
		if (chance(g, 1))
			attendance->kind = MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_UNSPECIFIED;
		body->attendances[body->n_attendances++] = attendance;
	}
	return finish(g, op,
		      holder_of(g, MTR__ROLE__ROLE_SCHOOL,
				g->m->classes[group.class_id]->student_manager_unit_id && chance(g, 40)
					? g->m->classes[group.class_id]->student_manager_unit_id
					: g->m->classes[group.class_id]->provider_unit_id),
		      MTR__COMMAND__BODY_ENROL, body);
}

bool make_close_class(struct generator *g, struct operation *op)
{
	Mtr__CloseClass *body = NEW(g, close_class);
	uint64_t ids[8];
	struct group group;

	if (!pick_group(g, MTR__STATE__STATE_ENROLLED, &group))
		return false;
	body->class_code = class_code(g, group.class_id);
	body->results = mtr_arena_array(g->arena, 8, sizeof *body->results);
	for (uint32_t tries = between(g, 0, 6); tries > 0; tries--) {
		uint32_t id = some_of(g, &group);
		Mtr__Result *result = NEW(g, result);

		if (!id || (listed(ids, body->n_results, id) && !chance(g, 2)))
			continue;
		result->nomination_id = ids[body->n_results] = id;
		result->state = (Mtr__State)(chance(g, 60) ? MTR__STATE__STATE_COMPLETED
							   : between(g, MTR__STATE__STATE_COMPLETED,
								     MTR__STATE__STATE_DEFERRED));
		if (chance(g, 1))
			result->state = (Mtr__State)(below(g, 2) * MTR__STATE__STATE_EXCUSED);
		result->result = text(g, "giỏi");
		result->reason = reason(g, 30);
		body->results[body->n_results++] = result;
	}
	body->close = chance(g, 30);
	return finish(g, op, holder_of(g, MTR__ROLE__ROLE_SCHOOL, g->m->classes[group.class_id]->provider_unit_id),
		      MTR__COMMAND__BODY_CLOSE_CLASS, body);
}
