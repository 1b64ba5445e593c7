/* callfilter.c — see callfilter.h. A list of what is refused, not of what is allowed: agents run any
 * program there is. On other processors than x86-64 and ARM64 nothing is refused. */
#include "runtime/callfilter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* REFUSED(call, its number for 32-bit programs on x86, errno). io_uring is answered as an old kernel
 * would: what is asked for through it is not seen by filters. */
#define CALLS(REFUSED)                         \
	REFUSED(add_key, 286, EPERM)           \
	REFUSED(request_key, 287, EPERM)       \
	REFUSED(keyctl, 288, EPERM)            \
	REFUSED(open_by_handle_at, 342, EPERM) \
	REFUSED(io_uring_setup, 425, ENOSYS)   \
	REFUSED(io_uring_enter, 426, ENOSYS)   \
	REFUSED(io_uring_register, 427, ENOSYS)

enum {
	IOCTL_OLD = 54,
	LINUX_CONSOLE = 0x541c /* TIOCLINUX */,
	X32 = 0x40000000,
	IOCTL_X32 = 514,
	MOST = 128
};

struct program {
	struct sock_filter at[MOST];
	unsigned short n;
};

static void add(struct program *p, uint16_t code, uint32_t value, uint8_t yes, uint8_t no)
{
	if (p->n < MOST)
		p->at[p->n++] = (struct sock_filter){ code, yes, no, value };
}

static void refuse(struct program *p, uint32_t call, int error)
{
	add(p, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1);
	add(p, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ((uint32_t)error & SECCOMP_RET_DATA), 0, 0);
}

/* Typing into a terminal as if its user had. */
static void refuse_typing(struct program *p, uint32_t call)
{
	add(p, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 5);
	add(p, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + sizeof(uint64_t), 0,
	    0);
	add(p, BPF_JMP | BPF_JEQ | BPF_K, TIOCSTI, 1, 0);
	add(p, BPF_JMP | BPF_JEQ | BPF_K, LINUX_CONSOLE, 0, 1);
	add(p, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM, 0, 0);
	add(p, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
}

#if defined(__x86_64__) || defined(__aarch64__)
#ifdef __x86_64__
#define MACHINE AUDIT_ARCH_X86_64
#else
#define MACHINE AUDIT_ARCH_AARCH64
#endif
bool callfilter_enter(struct fail *fail)
{
	struct program p = { .n = 0 };
	add(&p, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch), 0, 0);
	add(&p, BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 0, 0);
	unsigned short ours = p.n - 1;
	/* The machine's own calls, and on x86-64 those of the kind x32, which share the numbers but for
	 * ioctl's. */
	add(&p, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
	add(&p, BPF_ALU | BPF_AND | BPF_K, ~(uint32_t)X32, 0, 0);
#define REFUSE(name, old, error) refuse(&p, __NR_##name, error);
	CALLS(REFUSE)
#undef REFUSE
	refuse_typing(&p, __NR_ioctl);
#ifdef __x86_64__
	refuse_typing(&p, IOCTL_X32);
#endif
	add(&p, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	p.at[ours].jf = (uint8_t)(p.n - ours - 1);
#ifdef __x86_64__
	add(&p, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
#define REFUSE(name, old, error) refuse(&p, old, error);
	CALLS(REFUSE)
#undef REFUSE
	refuse_typing(&p, IOCTL_OLD);
#endif
	add(&p, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	struct sock_fprog program = { p.n, p.at };
	BUG_IF(p.n >= MOST, "the filter of calls does not fit");
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 ||
	       fail_system(fail, "cannot filter system calls");
}
#else
bool callfilter_enter(struct fail *fail)
{
	(void)fail;
	return true;
}
#endif
