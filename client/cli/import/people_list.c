#include "import/people_list.h"
#include "contract/citizen_number.h"
#include "contract/code.h"
#include "contract/text.h"
#include "import/failed_file.h"
#include "output/directory.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/plain.h"

#include <string.h>

const struct mtr_heading mtr_people_headings[] = {
	{MTR_PEOPLE_ORDER, N_("order number (STT)"), "stt|so tt|tt|so thu tu|thu tu|order|no|order number"},
	{MTR_PEOPLE_NAME, N_("full name"), "ho ten|ho va ten|ho dem va ten|full name|name|ho ten can bo"},
	{MTR_PEOPLE_BIRTH, N_("date of birth"),
	 "ngay sinh|ngay thang nam sinh|nam sinh|sinh ngay|ngay thang sinh|ngay thang nam sinh cu the|date of "
	 "birth|birth|born|year of birth"},
	{MTR_PEOPLE_BIRTH_MALE, N_("date of birth, men"),
	 "nam|ngay sinh nam|nam sinh nam|ngay thang nam sinh nam|birth male|male|born male"},
	{MTR_PEOPLE_BIRTH_FEMALE, N_("date of birth, women"),
	 "nu|ngay sinh nu|nam sinh nu|ngay thang nam sinh nu|birth female|female|born female"},
	{MTR_PEOPLE_SEX, N_("sex"), "gioi tinh|phai|sex|gender"},
	{MTR_PEOPLE_CITIZEN_NUMBER, N_("citizen number"),
	 "so dinh danh|so dinh danh ca nhan|cccd|so cccd|can cuoc cong dan|so can cuoc cong dan|can cuoc|so can "
	 "cuoc|citizen number|"
	 "citizen id|ma dinh danh"},
	{MTR_PEOPLE_UNIT, N_("unit"), "don vi|don vi cong tac|co quan|co quan don vi|noi cong tac|unit|ma don vi"},
	{MTR_PEOPLE_HELD, N_("titles held"),
	 "chuc vu|chuc danh|chuc vu hien tai|chuc danh hien tai|chuc vu chuc danh|title|titles|titles held|chuc danh "
	 "dang giu"},
	{MTR_PEOPLE_PLANNED, N_("titles planned"),
	 "quy hoach|quy hoach chuc danh|chuc danh quy hoach|quy hoach nhiem ky|planned|planned titles|titles planned"},
	{MTR_PEOPLE_PARTY, N_("party membership"), "dang vien|la dang vien|party|party membership"},
	{MTR_PEOPLE_PARTY_PROBATION, N_("date of joining the Party, probationary"),
	 "du bi|ngay vao dang du bi|ngay vao dang|vao dang|ngay ket nap|ngay ket nap dang|party probationary "
	 "since|party joined"},
	{MTR_PEOPLE_PARTY_SINCE, N_("date of full membership"),
	 "chinh thuc|ngay vao dang chinh thuc|ngay chinh thuc|party since|ngay cong nhan chinh thuc|date of joining "
	 "the party"},
	{MTR_PEOPLE_DEGREE, N_("degree"), "trinh do chuyen mon|chuyen mon|trinh do|bang cap|hoc vi|degree"},
	{MTR_PEOPLE_THEORY, N_("political theory"),
	 "llct|ly luan chinh tri|trinh do llct|trinh do ly luan chinh tri|theory|political theory"},
	{MTR_PEOPLE_STATE_MANAGEMENT, N_("state management"),
	 "qlnn|quan ly nha nuoc|trinh do qlnn|trinh do quan ly nha nuoc|state management"},
	{MTR_PEOPLE_ENGLISH, N_("foreign language"), "ngoai ngu|tieng anh|trinh do ngoai ngu|english"},
	{MTR_PEOPLE_IT, N_("information technology"), "tin hoc|trinh do tin hoc|it|information technology"},
	{MTR_PEOPLE_ATTAINED, N_("standards held"), "attained|standards held|chuan da dat|cac chuan da dat"},
	{MTR_PEOPLE_CATEGORY, N_("category"), "doi tuong|loai can bo|category|can bo cong chuc vien chuc"},
	{MTR_PEOPLE_SERVICE_SINCE, N_("in service since"),
	 "ngay vao nganh|vao nganh|ngay tuyen dung|ngay cong tac|in service since|service since|ngay bat dau cong "
	 "tac|cong tac tu"},
	{MTR_PEOPLE_DISCIPLINE_UNTIL, N_("discipline in force until"),
	 "ky luat den|ky luat den ngay|thoi han ky luat|discipline until|discipline in force until"},
	{MTR_PEOPLE_RATINGS, N_("ratings"),
	 "xep loai|xep loai 2 nam|danh gia xep loai|ratings|rating|xep loai hai nam gan nhat|xep loai 2 nam gan nhat"},
	{MTR_PEOPLE_DOCUMENTS, N_("file complete"), "ho so|ho so day du|file complete|documents complete|du ho so"},
	{MTR_PEOPLE_EQUIVALENCE, N_("certificate of equivalence to senior theory"),
	 "xac nhan tuong duong|tuong duong cao cap|tuong duong cao cap ly luan chinh tri|theory "
	 "equivalence|equivalence to senior theory|xac nhan tuong duong cao cap"},
	{MTR_PEOPLE_ETHNICITY, N_("ethnicity"), "dan toc|ethnicity"},
	{MTR_PEOPLE_PHONE, N_("telephone"), "dien thoai|so dien thoai|sdt|phone|telephone"},
	{MTR_PEOPLE_NOTE, N_("note"), "ghi chu|note|notes|remarks"},
	{MTR_PEOPLE_PERSON, N_("person's number"),
	 "person|person id|person s number|so can bo|so can bo trong so|ma can bo"},
	{MTR_PEOPLE_PROGRAMME, N_("programme"), "chuong trinh|ma chuong trinh|lop de nghi|programme|program"},
	{MTR_PEOPLE_LETTER, N_("letter"), "cong van|so cong van trong so|letter|letter id"},
	{MTR_HEADING_IGNORED, N_("not kept"),
	 "ton giao|que quan|noi sinh|trinh do van hoa|van hoa|ngach|ngach bac|chuc vu don vi|dia chi|noi o|ngach cong "
	 "chuc|religion|home town|" MTR_FAILED_REASON_NAMES},
	{0, NULL, NULL},
};

/* The two columns of men and women: exactly one is filled. */
static bool read_birth_by_sex(struct mtr_import *import, struct mtr_import_row *row, struct mtr_identity *identity)
{
	const char *male = mtr_row_text(import, row, MTR_PEOPLE_BIRTH_MALE);
	const char *female = male ? mtr_row_text(import, row, MTR_PEOPLE_BIRTH_FEMALE) : NULL;

	if (!male || !female)
		return false;
	if (*male && *female)
		return mtr_row_problem(import, row, MTR_PEOPLE_BIRTH_FEMALE,
				       _("a birth stands in both columns, that of men and that of women."));
	if (*male)
		identity->sex = MTR__SEX__SEX_MALE;
	else if (*female)
		identity->sex = MTR__SEX__SEX_FEMALE;
	return mtr_row_date(import, row, *male ? MTR_PEOPLE_BIRTH_MALE : MTR_PEOPLE_BIRTH_FEMALE, &identity->birth);
}

static bool read_sex(struct mtr_import *import, struct mtr_import_row *row, struct mtr_identity *identity)
{
	int sex = 0;

	if (!mtr_row_word(import, row, MTR_PEOPLE_SEX, &mtr__sex__descriptor, &sex))
		return false;
	if (sex && identity->sex && sex != (int)identity->sex)
		return mtr_row_problem(import, row, MTR_PEOPLE_SEX,
				       _("the sex isn't that of the column in which the birth stands."));
	if (sex)
		identity->sex = (Mtr__Sex)sex;
	return true;
}

/* The number, made to agree with what is said beside it. A spreadsheet writes it as 5.1075E+10 or drops zeros. */
static bool read_citizen_number(struct mtr_import *import, struct mtr_import_row *row, struct mtr_identity *identity)
{
	identity->citizen_number = mtr_row_text(import, row, MTR_PEOPLE_CITIZEN_NUMBER);
	if (!identity->citizen_number)
		return false;
	if (!*identity->citizen_number)
		return true;
	Mtr__ErrorCode code = mtr_citizen_number_check(identity->citizen_number, identity->sex, identity->birth);
	if (code != MTR__ERROR_CODE__ERROR_CODE_NONE)
		return mtr_row_error(import, row, MTR_PEOPLE_CITIZEN_NUMBER, code, identity->citizen_number);
	return true;
}

bool mtr_people_identity(struct mtr_import *import, struct mtr_import_row *row, struct mtr_identity *ret_identity)
{
	struct mtr_identity identity = {.name = "", .citizen_number = "", .unit_code = ""};
	uint64_t person = 0;

	identity.name = mtr_row_text(import, row, MTR_PEOPLE_NAME);
	if (!identity.name)
		return false;
	row->label = identity.name;
	if (!mtr_row_name(import, row, MTR_PEOPLE_NAME))
		return false;
	if (!mtr_row_date(import, row, MTR_PEOPLE_BIRTH, &identity.birth) ||
	    !read_birth_by_sex(import, row, &identity) || !read_sex(import, row, &identity) ||
	    !read_citizen_number(import, row, &identity) ||
	    !mtr_row_unit(import, row, MTR_PEOPLE_UNIT, &identity.unit_code) ||
	    !mtr_row_number(import, row, MTR_PEOPLE_PERSON, UINT32_MAX, &person))
		return false;
	identity.person_id = (uint32_t)person;
	*ret_identity = identity;
	return true;
}

bool mtr_row_unit(struct mtr_import *import, struct mtr_import_row *row, int field, const char **ret_code)
{
	const char *text = mtr_row_name(import, row, field);
	bool certain;

	if (!text)
		return false;
	if (!*text || mtr_code_check(text) == MTR__ERROR_CODE__ERROR_CODE_NONE) {
		*ret_code = text;
		return true;
	}
	const char *code = mtr_unit_by_name(import->call, mtr_plain(import->arena, text), &certain);
	if (code && certain) {
		*ret_code = code;
		return true;
	}
	const char *sentence =
		code ? mtr_must_print(import->arena, _("several units are called “%s”; write the code."), text)
		     : mtr_must_print(import->arena, _("no unit is called “%s”; write its code (matricula unit list)."),
				      text);
	return mtr_row_problem(import, row, field, sentence);
}
