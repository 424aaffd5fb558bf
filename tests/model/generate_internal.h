/* Between the files of the generator. */
#ifndef MODEL_GENERATE_INTERNAL_H
#define MODEL_GENERATE_INTERNAL_H

#include "generate.h"
#include "model_internal.h"

/* An empty message of this kind. */
#define NEW(g, kind) new_message(g, &mtr__##kind##__descriptor)
void *new_message(struct generator *g, const ProtobufCMessageDescriptor *descriptor);

char *text(struct generator *g, const char *text);
char *format(struct generator *g, const char *format, ...) __attribute__((format(printf, 2, 3)));
void *copy(struct generator *g, const ProtobufCMessage *message);

uint32_t below(struct generator *g, uint64_t bound);
uint32_t between(struct generator *g, uint32_t least, uint32_t most);
bool chance(struct generator *g, uint32_t percent);
/* The same for what makes a command wrong: never while the first world is made. */
bool spoil(struct generator *g, uint32_t percent);

/* Often a text, sometimes "": for fields whose lack is refused. */
char *reason(struct generator *g, uint32_t percent);
char *document(struct generator *g, uint32_t percent);

/* A unit's code, seldom one that doesn't exist. */
char *unit_code(struct generator *g, uint32_t unit_id);
char *programme_code(struct generator *g, uint32_t programme_id);

/* Random rows that satisfy `wanted`; 0 if there are none. */
typedef bool (*wanted_fn)(struct generator *g, uint32_t id, const void *context);
uint32_t pick(struct generator *g, uint32_t count, wanted_fn wanted, const void *context);
uint32_t pick_unit(struct generator *g);                        /* that isn't dissolved */
uint32_t pick_programme(struct generator *g);                   /* the first few are busier */
uint32_t pick_nomination(struct generator *g, uint32_t states); /* mask of STATE(...) */
#define STATE(name) (1u << MTR__STATE__STATE_##name)
uint32_t pick_principal(struct generator *g, Mtr__Role role);

/* Units that nominate most, so that seats are fought over. */
uint32_t busy_unit(struct generator *g);
/* Mostly one of these states, else any. False when there is none. */
bool nomination_for(struct generator *g, uint32_t states, uint32_t *ret_id);
/* Seldom one that doesn't exist. */
uint64_t maybe_wrong(struct generator *g, uint64_t id);

/* Who may act; 0 if there is nobody. */
uint32_t nominator_for(struct generator *g, uint32_t unit_id);
uint32_t organiser_of(struct generator *g, uint32_t programme_id);
uint32_t holder_of(struct generator *g, Mtr__Role role, uint32_t unit_id);

/* Ends every maker: false when there is nobody to do it. */
bool finish(struct generator *g, struct operation *op, uint32_t principal_id, Mtr__Command__BodyCase body_case,
	    void *body);

/* One function a command; false when the world has nothing for it now. */
typedef bool (*maker)(struct generator *g, struct operation *op);
bool make_put_unit(struct generator *g, struct operation *op);
bool make_dissolve_unit(struct generator *g, struct operation *op);
bool make_put_principal(struct generator *g, struct operation *op);
bool make_revoke_principal(struct generator *g, struct operation *op);
bool make_put_title(struct generator *g, struct operation *op);
bool make_put_person(struct generator *g, struct operation *op);
bool make_put_plan(struct generator *g, struct operation *op);
bool make_put_programme(struct generator *g, struct operation *op);
bool make_register_demand(struct generator *g, struct operation *op);
bool make_allocate(struct generator *g, struct operation *op);
bool make_transfer(struct generator *g, struct operation *op);
bool make_return_seats(struct generator *g, struct operation *op);
bool make_put_letter(struct generator *g, struct operation *op);
bool make_propose(struct generator *g, struct operation *op);
bool make_withdraw(struct generator *g, struct operation *op);
bool make_substitute(struct generator *g, struct operation *op);
bool make_settle_late(struct generator *g, struct operation *op);
bool make_vet(struct generator *g, struct operation *op);
bool make_freeze(struct generator *g, struct operation *op);
bool make_decide(struct generator *g, struct operation *op);
bool make_forward(struct generator *g, struct operation *op);
bool make_open_class(struct generator *g, struct operation *op);
bool make_summon(struct generator *g, struct operation *op);
bool make_enrol(struct generator *g, struct operation *op);
bool make_close_class(struct generator *g, struct operation *op);
bool make_redact(struct generator *g, struct operation *op);

#define WORLD_UNITS 17u
#define WORLD_PRINCIPALS 25u

/* The world at the start, one operation a step; false when it is complete. */
bool make_world(struct generator *g, uint32_t step, struct operation *op);
bool make_person_of(struct generator *g, struct operation *op, uint32_t unit_id);
bool make_programme_of(struct generator *g, struct operation *op, uint32_t organiser_id, uint32_t programme_id);
Mtr__Standard **some_standards(struct generator *g, size_t count);
/* As the unit stands, or a new one's. */
Mtr__PutUnit *unit_body(struct generator *g, const Mtr__Unit *unit);
ProtobufCBinaryData key_of(struct generator *g, uint32_t number);
bool make_title_of(struct generator *g, struct operation *op, uint32_t title_id);

#endif
