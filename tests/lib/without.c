/* without — runs a program as on a machine that lacks something:
 *
 *     without namespaces|landlock|both PROGRAM ARGUMENT…
 *
 * By a filter of system calls, which nothing below can take off: new user namespaces are refused as AppArmor or
 * a container refuses them, Landlock is answered as by a kernel that does not know it. Build: cc -o without without.c */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOAD(field) { BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, field) }
#define REFUSE(error) { BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | (error) }
#define ALLOW { BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW }

static int enter(struct sock_filter *filter, unsigned short n)
{
	struct sock_fprog program = { n, filter };
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int n, char **words)
{
	struct sock_filter namespaces[] = {
		LOAD(nr),
		{ BPF_JMP | BPF_JEQ | BPF_K, 2, 0, __NR_unshare },
		{ BPF_JMP | BPF_JEQ | BPF_K, 1, 0, __NR_clone },
		{ BPF_JMP | BPF_JEQ | BPF_K, 3, 5, __NR_clone3 },
		LOAD(args[0]),
		{ BPF_JMP | BPF_JSET | BPF_K, 0, 3, CLONE_NEWUSER },
		REFUSE(EPERM),
		REFUSE(ENOSYS),
		REFUSE(ENOSYS),
		ALLOW,
	};
	struct sock_filter landlock[] = {
		LOAD(nr),
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 444 /* landlock_create_ruleset */ },
		REFUSE(ENOSYS),
		ALLOW,
	};
	if (n < 3 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return 2;
	if (strcmp(words[1], "landlock") && enter(namespaces, sizeof namespaces / sizeof *namespaces))
		return 2;
	if (strcmp(words[1], "namespaces") && enter(landlock, sizeof landlock / sizeof *landlock))
		return 2;
	execvp(words[2], words + 2);
	perror(words[2]);
	return 2;
}
