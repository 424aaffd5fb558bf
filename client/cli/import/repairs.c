#include "import/repairs.h"
#include "contract/text.h"
#include "program/i18n.h"
#include "program/must.h"

static const struct {
	unsigned bit;
	const char *text;
} known[] = {
	{MTR_REPAIR_BYTE_ORDER_MARK, N_("byte order mark dropped")},
	{MTR_REPAIR_COMPOSED, N_("letters and tone marks composed (NFC)")},
	{MTR_REPAIR_LOOKALIKE, N_("Ð made Đ")},
	{MTR_REPAIR_SPACES, N_("spaces tidied")},
	{MTR_REPAIR_INVISIBLE, N_("invisible characters dropped")},
};
#define KNOWN (sizeof known / sizeof *known)

struct mtr_cell mtr_repairs_cell(struct mtr_arena *arena, unsigned repairs)
{
	const char **items = mtr_must_array(arena, KNOWN, sizeof *items);
	size_t count = 0;

	for (size_t i = 0; i < KNOWN; i++) {
		if (repairs & known[i].bit)
			items[count++] = _(known[i].text);
	}
	return mtr_cell_list(items, count);
}

void mtr_repairs_remark(const struct mtr_call *call)
{
	for (size_t i = 0; i < call->arguments.count; i++) {
		const struct mtr_value *value = &call->arguments.values[i];

		for (size_t j = 0; j < KNOWN; j++) {
			if (value->repairs & known[j].bit)
				mtr_remark(call, "%s: %s", value->argument->name, _(known[j].text));
		}
	}
}
