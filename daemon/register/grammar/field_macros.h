/* How a table of field rules is written. */
#ifndef MTR_REGISTER_FIELD_MACROS_H
#define MTR_REGISTER_FIELD_MACROS_H

#define COUNT(rules) (sizeof(rules) / sizeof *(rules))

/* One value. */
#define REQUIRED(kind)                                                                                                 \
	{                                                                                                              \
		.check = MTR_FIELD_##kind, .required = true                                                            \
	}
#define OPTIONAL(kind)                                                                                                 \
	{                                                                                                              \
		.check = MTR_FIELD_##kind                                                                              \
	}
#define NUMBERS(from, to)                                                                                              \
	{                                                                                                              \
		.check = MTR_FIELD_RANGE, .required = true, .minimum = (from), .maximum = (to)                         \
	}
#define NUMBERS_OR_NONE(from, to)                                                                                      \
	{                                                                                                              \
		.check = MTR_FIELD_RANGE, .minimum = (from), .maximum = (to)                                           \
	}
#define MESSAGE(rules)                                                                                                 \
	{                                                                                                              \
		.check = MTR_FIELD_MESSAGE, .required = true, .inner = &(rules)                                        \
	}
#define MESSAGE_OR_NONE(rules)                                                                                         \
	{                                                                                                              \
		.check = MTR_FIELD_MESSAGE, .inner = &(rules)                                                          \
	}

/* At most so many. */
#define LIST_OF(kind, items)                                                                                           \
	{                                                                                                              \
		.check = MTR_FIELD_##kind, .most = (items)                                                             \
	}
#define REQUIRED_LIST_OF(kind, items)                                                                                  \
	{                                                                                                              \
		.check = MTR_FIELD_##kind, .required = true, .most = (items)                                           \
	}
#define MESSAGES(rules, items)                                                                                         \
	{                                                                                                              \
		.check = MTR_FIELD_MESSAGE, .inner = &(rules), .most = (items)                                         \
	}
#define REQUIRED_MESSAGES(rules, items)                                                                                \
	{                                                                                                              \
		.check = MTR_FIELD_MESSAGE, .required = true, .inner = &(rules), .most = (items)                       \
	}

#endif
