# Link mtr_flags into every target of our own; generated code goes without.
option(MTR_WERROR "Warnings are errors" ON)

add_library(mtr_flags INTERFACE)
target_compile_definitions(mtr_flags INTERFACE _GNU_SOURCE)
target_compile_options(mtr_flags INTERFACE
	-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes
	-Wmissing-prototypes -Wmissing-declarations -Wold-style-definition -Wcast-qual -Wcast-align
	-Wpointer-arith -Wwrite-strings -Wformat=2 -Wundef -Wvla -Wswitch-enum -Wdouble-promotion
	-Wimplicit-fallthrough -fstack-protector-strong -fno-common)
if(CMAKE_C_COMPILER_ID MATCHES Clang)
	# gcc looks after casts; clang also counts string literals put into fields of messages, which have no const.
	target_compile_options(mtr_flags INTERFACE -Wno-cast-qual)
endif()
if(MTR_WERROR)
	target_compile_options(mtr_flags INTERFACE -Werror)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
	target_compile_definitions(mtr_flags INTERFACE _FORTIFY_SOURCE=2)
endif()
