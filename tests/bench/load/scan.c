#include "load/scan.h"

/* Field numbers of Reply, Answer, FeedPage and FeedRow. */
enum { REPLY_ID = 1, REPLY_ANSWER = 2 };
enum { ANSWER_PAGE = 6 };
enum { PAGE_ROWS = 1, PAGE_CURSOR = 2, PAGE_MORE = 3, PAGE_COUNT = 9 };
enum { ROW_TYPE = 2, ROW_ID = 3, ROW_ROW = 6 };

enum wire { VARINT = 0, BYTES = 2 };

struct field {
	uint64_t number, value;
	struct mtr_bytes bytes; /* of a field with a length */
};

static bool take_varint(struct mtr_bytes *rest, uint64_t *ret_value)
{
	uint64_t value = 0;

	for (unsigned shift = 0; rest->size && shift < 64; shift += 7) {
		const uint8_t byte = *rest->data++;

		rest->size--;
		value |= (uint64_t)(byte & 0x7fu) << shift;
		if (!(byte & 0x80u)) {
			*ret_value = value;
			return true;
		}
	}
	return false;
}

static bool take_field(struct mtr_bytes *rest, struct field *ret_field)
{
	uint64_t tag = 0;

	if (!take_varint(rest, &tag) || !take_varint(rest, &ret_field->value))
		return false;
	ret_field->number = tag >> 3;
	ret_field->bytes = (struct mtr_bytes){rest->data, 0};
	if ((tag & 7u) == VARINT)
		return true;
	if ((tag & 7u) != BYTES || ret_field->value > rest->size)
		return false;
	ret_field->bytes.size = ret_field->value;
	rest->data += ret_field->value;
	rest->size -= ret_field->value;
	return true;
}

/* The last field of that number; false when there is none, or the message isn't well formed. */
static bool find(struct mtr_bytes message, uint64_t number, struct field *ret_field)
{
	struct field field;
	bool found = false;

	while (message.size) {
		if (!take_field(&message, &field))
			return false;
		if (field.number == number) {
			*ret_field = field;
			found = true;
		}
	}
	return found;
}

static void note(const struct field *field, struct scanned_page *page)
{
	switch (field->number) {
	case PAGE_ROWS:
		page->rows++;
		break;
	case PAGE_CURSOR:
		page->cursor = field->bytes;
		break;
	case PAGE_MORE:
		page->more = field->value;
		break;
	case PAGE_COUNT:
		page->count = field->value;
		break;
	default:
		break;
	}
}

bool scan_page(struct mtr_bytes frame, uint64_t request_id, struct scanned_page *ret_page)
{
	struct field id, answer, body, field;
	struct scanned_page page = {.rows = 0};

	if (!find(frame, REPLY_ID, &id) || id.value != request_id || !find(frame, REPLY_ANSWER, &answer) ||
	    !find(answer.bytes, ANSWER_PAGE, &body))
		return false;
	page.body = body.bytes;
	while (body.bytes.size) {
		if (!take_field(&body.bytes, &field))
			return false;
		note(&field, &page);
	}
	*ret_page = page;
	return true;
}

static void note_of_row(const struct field *field, struct scanned_row *row)
{
	switch (field->number) {
	case ROW_TYPE:
		row->type = field->value;
		break;
	case ROW_ID:
		row->id = field->value;
		break;
	case ROW_ROW:
		row->content = field->bytes;
		break;
	default:
		break;
	}
}

bool scan_row(struct mtr_bytes *body, struct scanned_row *ret_row)
{
	struct scanned_row row = {.id = 0};
	struct field field, part;

	do {
		if (!take_field(body, &field))
			return false;
	} while (field.number != PAGE_ROWS);
	while (field.bytes.size) {
		if (!take_field(&field.bytes, &part))
			return false;
		note_of_row(&part, &row);
	}
	*ret_row = row;
	return true;
}
