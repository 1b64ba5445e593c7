/* jail.c — see jail.h. Linux only; nothing of it is asked of the C library, which knows neither in
 * Debian 12. */
#include "runtime/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Files: Landlock */

/* The headers may be older than the kernel. */
enum { RIGHT_REFER = 1 << 13, RIGHT_TRUNCATE = 1 << 14, RIGHT_IOCTL_DEVICE = 1 << 15 };
struct ruleset {
	uint64_t files;
	uint64_t net;		/* since version 4: binding and connecting of TCP */
	uint64_t scoped;	/* since version 6: abstract sockets, signals */
};

static uint64_t file_rights(long version)
{
	uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
	rights |= version >= 2 ? RIGHT_REFER : 0;
	rights |= version >= 3 ? RIGHT_TRUNCATE : 0;
	return rights | (version >= 5 ? RIGHT_IOCTL_DEVICE : 0);
}

static bool allow_reading(int rules, struct str_list paths)
{
	for (size_t i = 0; i < paths.n; i++) {
		struct stat about;
		struct landlock_path_beneath_attr beneath = {
			.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE
		};
		beneath.parent_fd = open(paths.at[i].at, O_PATH | O_CLOEXEC);
		if (beneath.parent_fd < 0)
			continue;
		if (fstat(beneath.parent_fd, &about) == 0 && S_ISDIR(about.st_mode))
			beneath.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
		long error = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH,
				     &beneath, 0);
		close(beneath.parent_fd);
		if (error)
			return false;
	}
	return true;
}

static bool shut_files(struct str_list readable)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
			       LANDLOCK_CREATE_RULESET_VERSION);
	if (version < 1)
		return false;
	struct ruleset all = { .files = file_rights(version), .net = 3, .scoped = 3 };
	size_t size = version >= 6   ? sizeof all
		      : version >= 4 ? offsetof(struct ruleset, scoped)
				     : offsetof(struct ruleset, net);
	int rules = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
	if (rules < 0)
		return false;
	bool shut = allow_reading(rules, readable) &&
		    syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	close(rules);
	return shut;
}

/* Calls: seccomp */

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#endif

#ifdef MACHINE
enum { PROGRAM_MOST = 512 };
struct program {
	struct sock_filter at[PROGRAM_MOST];
	unsigned short n;
};

static void add(struct program *p, uint16_t code, uint32_t value, uint8_t yes, uint8_t no)
{
	if (p->n < PROGRAM_MOST)
		p->at[p->n++] = (struct sock_filter){ code, yes, no, value };
}

static void load(struct program *p, size_t offset)
{
	add(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/* Both of the machines are little endian. */
static size_t argument_at(unsigned argument)
{
	return offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t);
}

static void answer(struct program *p, bool allow)
{
	add(p, BPF_RET | BPF_K,
	    allow ? SECCOMP_RET_ALLOW : SECCOMP_RET_ERRNO | (EPERM & SECCOMP_RET_DATA), 0, 0);
}

/* Allowed if none of the bits is in the argument. */
static void answer_bits(struct program *p, unsigned argument, uint32_t bits)
{
	load(p, argument_at(argument));
	add(p, BPF_JMP | BPF_JSET | BPF_K, bits, 1, 0);
	answer(p, true);
	answer(p, false);
}

/* Allowed if the argument is one of the values. */
static void answer_one_of(struct program *p, unsigned argument, const uint32_t *values, uint8_t n)
{
	load(p, argument_at(argument));
	for (uint8_t i = 0; i < n; i++)
		add(p, BPF_JMP | BPF_JEQ | BPF_K, values[i], n - i, 0);
	answer(p, false);
	answer(p, true);
}

static void answer_null(struct program *p, unsigned argument)
{
	load(p, argument_at(argument));
	add(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3);
	load(p, argument_at(argument) + sizeof(uint32_t));
	add(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1);
	answer(p, true);
	answer(p, false);
}

enum condition { ALWAYS, READS, NO_CODE, TERMINAL, DESCRIPTOR, NOTHING, ITSELF };

static void add_call(struct program *p, long number, enum condition condition, unsigned argument,
		     uint32_t itself)
{
	static const uint32_t terminal[] = { TCGETS, TIOCGWINSZ };
	static const uint32_t descriptor[] = { F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC };
	unsigned short test = p->n;
	add(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 0);
	switch (condition) {
	case ALWAYS: answer(p, true); break;
	case READS:
		answer_bits(p, argument,
			    O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND |
				    (O_TMPFILE & ~O_DIRECTORY));
		break;
	case NO_CODE: answer_bits(p, argument, PROT_EXEC); break;
	case TERMINAL:
		answer_one_of(p, argument, terminal, sizeof terminal / sizeof *terminal);
		break;
	case DESCRIPTOR:
		answer_one_of(p, argument, descriptor, sizeof descriptor / sizeof *descriptor);
		break;
	case NOTHING: answer_null(p, argument); break;
	case ITSELF: answer_one_of(p, argument, &itself, 1); break;
	}
	if (p->n < PROGRAM_MOST)
		p->at[test].jf = (uint8_t)(p->n - test - 1);
}

static bool shut_calls(void)
{
	const uint32_t itself = (uint32_t)getpid();
	struct program p = { .n = 0 };
	load(&p, offsetof(struct seccomp_data, arch));
	add(&p, BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
	add(&p, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0, 0);
	load(&p, offsetof(struct seccomp_data, nr));
#define JAIL_CALL(CONDITION, name, argument) \
	add_call(&p, __NR_##name, CONDITION, argument, itself);
#include "runtime/jail.def"
#undef JAIL_CALL
	add(&p, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (ENOSYS & SECCOMP_RET_DATA), 0, 0);
	struct sock_fprog program = { p.n, p.at };
	return p.n < PROGRAM_MOST && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}
#else
static bool shut_calls(void)
{
	return false;
}
#endif

struct jail jail_begin(struct str_list readable)
{
	struct jail jail = { false, false };
	/* Without it the kernel takes neither; and nothing that is run later could get rights
	 * back. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return jail;
	jail.files = shut_files(readable);
	jail.calls = shut_calls();
	return jail;
}
