#include "client.h"
#include "contract/errors.h"

static enum mtr_verdict of_class(enum mtr_error_class kind, bool consumed)
{
	switch (kind) {
	case MTR_ERROR_FINAL:
		return consumed ? MTR_VERDICT_FINAL : MTR_VERDICT_NONSENSE;
	case MTR_ERROR_RETRY:
		return MTR_VERDICT_RETRY;
	case MTR_ERROR_HALT:
		return MTR_VERDICT_HALT;
	}
	return MTR_VERDICT_NONSENSE;
}

static enum mtr_verdict of_error(const Mtr__Error *error, bool consumed)
{
	switch ((int)error->code) {
	case MTR__ERROR_CODE__ERROR_CODE_HELLO_REQUIRED:
		return MTR_VERDICT_HELLO;
	case MTR__ERROR_CODE__ERROR_CODE_NOT_REGISTERED:
	case MTR__ERROR_CODE__ERROR_CODE_REVOKED:
		return MTR_VERDICT_REFUSED;
	case MTR__ERROR_CODE__ERROR_CODE_VERSION_UNSUPPORTED:
		return MTR_VERDICT_VERSION;
	case MTR__ERROR_CODE__ERROR_CODE_SEQUENCE_GAP:
		return MTR_VERDICT_GAP;
	default:
		break;
	}
	/* A newer register may have final errors this version has no name for; one that consumed the entry is final. */
	if (!mtr_error_info(error->code))
		return consumed ? MTR_VERDICT_FINAL : MTR_VERDICT_NONSENSE;
	return of_class(mtr_error_class(error->code), consumed);
}

enum mtr_verdict mtr_verdict(const Mtr__Answer *answer)
{
	bool consumed = answer->revision != 0;

	if (answer->body_case == MTR__ANSWER__BODY_ERROR)
		return of_error(answer->error, consumed);
	return consumed ? MTR_VERDICT_FINAL : MTR_VERDICT_NONSENSE;
}
