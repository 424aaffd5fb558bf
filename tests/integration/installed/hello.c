/* hello ENDPOINT SERVER_KEY KEY_FILE: what an author of programs does first with the installed library. Prints the
 * size of the register's answer to Hello. The exit status is the library's error. */
#include <matricula/matricula.h>

#include <stdio.h>

int main(int count, char **arguments)
{
	const struct mtr_client_options options = {
		.endpoint = count == 4 ? arguments[1] : NULL,
		.server_key = count == 4 ? arguments[2] : NULL,
		.key_file = count == 4 ? arguments[3] : NULL,
	};
	struct mtr_client *client = NULL;
	const uint8_t *answer;
	size_t size = 0;
	int error = mtr_client_open(&client, &options);

	if (!error)
		error = mtr_client_hello(client, &answer, &size);
	if (error)
		fprintf(stderr, "%s\n", mtr_client_error_name(error));
	else
		printf("%zu\n", size);
	mtr_client_close(&client);
	return error;
}
