#include "register/rules/standards.h"

bool mtr_scheme_cumulative(Mtr__Scheme scheme)
{
	return scheme == MTR__SCHEME__SCHEME_THEORY || scheme == MTR__SCHEME__SCHEME_STATE_MANAGEMENT ||
	       scheme == MTR__SCHEME__SCHEME_ENGLISH || scheme == MTR__SCHEME__SCHEME_IT;
}

bool mtr_standard_covered(Mtr__Standard *const *by, size_t count, const Mtr__Standard *wanted)
{
	bool cumulative = mtr_scheme_cumulative(wanted->scheme);

	for (size_t i = 0; i < count; i++)
		if (by[i]->scheme == wanted->scheme &&
		    (by[i]->number == wanted->number || (cumulative && by[i]->number > wanted->number)))
			return true;
	return false;
}

bool mtr_standards_all_covered(Mtr__Standard *const *by, size_t by_count, Mtr__Standard *const *wanted, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!mtr_standard_covered(by, by_count, wanted[i]))
			return false;
	return count > 0;
}
