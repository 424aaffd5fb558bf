/* Names that a power cut doesn't take back: a new entry lasts once the directory it is in has been flushed. */
#ifndef MTR_CONTRACT_DURABLE_H
#define MTR_CONTRACT_DURABLE_H

/* Flushes the directory that `path` is an entry of. 0 or -errno. */
int mtr_flush_entry(const char *path);

/* Makes a directory of mode 0700; its entry lasts on return, also that of one that was there: who made it may have
 * ended before. Its parent must be there. 0 or -errno. */
int mtr_make_directory(const char *path);

/* Gives the file `from` the name `to`, which nobody may have yet; the name lasts on return. 0 or -errno, -EEXIST; then
 * `to` isn't that file. */
int mtr_name_file(const char *from, const char *to);

#endif
