/* nth.c — runs orch under ptrace, and lets the Nth system call of one of its processes go wrong.
 *
 *     nth [-c COUNTS] [-l LOG] [-w WHO] [-n N] [-f] FAULT PROGRAM WORDS…
 *
 * FAULT: `kill` (by -9, before the call is carried out); `enospc`, `eio`, `emfile`, `enomem`,
 * `eintr` (the call is not carried out and fails with that); `short` (a read or write is carried out
 * for a part of its bytes). Of each kind of fault only the calls count that it can happen to: see
 * `calls`; for `kill` they are the calls that change something outside of the process.
 *
 * WHO is one of the processes: `orch`, `node-attempt-AGENT-ATTEMPT`, `node-test-AGENT-COMMAND`; with
 * a + behind it, what that one has forked, until it becomes another program. Programs that are
 * neither orch nor orch-node are let go as they begin, so agents run as fast as ever. With -f every
 * call from the Nth on fails. COUNTS gets how many calls of that kind each process made: "WHO N"
 * lines. LOG gets the process, the name of the call that was hit and its file; none: it never came to that.
 *
 * Ends when all of orch's processes have; exit status: the program's, or 128 and its signal. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef __x86_64__
int main(void)
{
	fputs("nth: knows the registers of x86-64 only\n", stderr);
	return 77;
}
#else

enum { KILL = 1, SPACE = 2, IO = 4, FILES = 8, INTR = 16, PART = 32, MEMORY = 64 };
/* CREATES: an open counts for ENOSPC and `kill` only when it may write. FD: the first argument is an open file. */
enum { CREATES = 1 << 16, FD = 1 << 17 };

static const struct call {
	long number;
	const char *name;
	int faults;
} calls[] = {
#define CALL(name, faults)                \
	{                                 \
		SYS_##name, #name, faults \
	}
	CALL(open, KILL | SPACE | IO | FILES | INTR | CREATES),
	CALL(openat, KILL | SPACE | IO | FILES | INTR | CREATES),
	CALL(openat2, FILES | INTR),
	CALL(read, IO | INTR | PART | FD),
	CALL(pread64, IO | INTR | PART | FD),
	CALL(write, KILL | SPACE | IO | INTR | PART | FD),
	CALL(writev, KILL | SPACE | IO | INTR | FD),
	CALL(pwrite64, KILL | SPACE | IO | INTR | PART | FD),
	CALL(ftruncate, KILL | SPACE | IO | INTR | FD),
	CALL(fallocate, KILL | SPACE | IO | INTR | FD),
	CALL(fsync, KILL | SPACE | IO | INTR | FD),
	CALL(fdatasync, KILL | SPACE | IO | INTR | FD),
	CALL(rename, KILL | SPACE | IO),
	CALL(renameat, KILL | SPACE | IO),
	CALL(renameat2, KILL | SPACE | IO),
	CALL(link, KILL | SPACE | IO),
	CALL(linkat, KILL | SPACE | IO),
	CALL(symlink, KILL | SPACE | IO),
	CALL(symlinkat, KILL | SPACE | IO),
	CALL(unlink, KILL | SPACE | IO),
	CALL(unlinkat, KILL | SPACE | IO),
	CALL(rmdir, KILL | SPACE | IO),
	CALL(mkdir, KILL | SPACE | IO),
	CALL(mkdirat, KILL | SPACE | IO),
	CALL(chmod, KILL | IO),
	CALL(fchmod, KILL | IO | FD),
	CALL(utimensat, KILL | IO),
	CALL(getdents64, IO | FD),
	CALL(flock, KILL | INTR),
	CALL(fcntl, 0),
	CALL(mount, KILL),
	CALL(kill, KILL),
	CALL(execve, KILL | MEMORY),
	CALL(fork, KILL | MEMORY),
	CALL(vfork, KILL | MEMORY),
	CALL(clone, KILL | MEMORY),
	CALL(clone3, KILL | MEMORY),
	CALL(pipe2, FILES),
	CALL(socketpair, FILES),
	CALL(eventfd2, FILES),
	CALL(signalfd4, FILES),
	CALL(epoll_create1, FILES),
	CALL(mmap, MEMORY),
	CALL(wait4, INTR),
	CALL(poll, INTR),
	CALL(epoll_wait, INTR),
	CALL(epoll_pwait, INTR),
};

static const struct fault {
	const char *name;
	int bit, error;
} faults[] = {
	{ "kill", KILL, 0 },         { "enospc", SPACE, ENOSPC },  { "eio", IO, EIO },
	{ "emfile", FILES, EMFILE }, { "enomem", MEMORY, ENOMEM }, { "eintr", INTR, EINTR },
	{ "short", PART, 0 },
};

enum { PROCESSES = 256, ROLES = 256, NAME = 96, PATH = 4096 };

struct role {
	char name[NAME];
	long count;
};
struct process {
	pid_t id; /* 0: free */
	int role;
	bool in_call, failing; /* between entry and exit; its result is to become the error */
};

static struct process processes[PROCESSES];
static struct role roles[ROLES];
static int role_n;
static const struct fault *fault;
static const char *who, *log_path;
static long at;
static bool from_then_on;

static void die(const char *what)
{
	perror(what);
	exit(76);
}

static int role_of(const char *name)
{
	for (int i = 0; i < role_n; i++)
		if (strcmp(roles[i].name, name) == 0)
			return i;
	if (role_n == ROLES)
		die("too many roles");
	snprintf(roles[role_n].name, NAME, "%s", name);
	return role_n++;
}

/* What the process is by its words; false: not one of orch's. */
static bool name_process(pid_t id, char name[NAME])
{
	char path[64], text[4096], *word[6] = { 0 };
	snprintf(path, sizeof path, "/proc/%d/cmdline", (int)id);
	int fd = open(path, O_RDONLY | O_CLOEXEC), words = 0;
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return false;
	text[n] = 0;
	for (char *s = text; s < text + n && words < 6; s += strlen(s) + 1)
		word[words++] = s;
	const char *slash = strrchr(word[0], '/'), *base = slash ? slash + 1 : word[0];
	if (strcmp(base, "orch-node") == 0 && words >= 5)
		snprintf(name, NAME, "node-%.20s-%.20s-%.20s", word[1], word[3], word[4]);
	else if (strcmp(base, "orch") == 0 || strcmp(base, "orchc") == 0)
		snprintf(name, NAME, "%s", base);
	else
		return false;
	return true;
}

static struct process *find(pid_t id)
{
	for (int i = 0; i < PROCESSES; i++)
		if (processes[i].id == id)
			return &processes[i];
	return NULL;
}

static struct process *add(pid_t id, int role)
{
	struct process *process = find(id);
	if (!process) {
		process = find(0);
		if (!process)
			die("too many processes");
		*process = (struct process){ .id = id };
	}
	process->role = role;
	return process;
}

static const struct call *call_of(long number)
{
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (calls[i].number == number)
			return &calls[i];
	return NULL;
}

/* The file that a call is about, when its first argument is one and lies on a disk; else "". */
static void file_of(pid_t id, unsigned long fd, char path[PATH])
{
	char link[64];
	snprintf(link, sizeof link, "/proc/%d/fd/%lu", (int)id, fd);
	ssize_t n = readlink(link, path, PATH - 1);
	path[n > 0 ? n : 0] = 0;
	if (path[0] != '/' || strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0)
		path[0] = 0;
}

/* May this call meet the fault that was asked for? Pipes and terminals have no disk that could be full. */
static bool counts(const struct call *call, const struct user_regs_struct *regs, pid_t id)
{
	char path[PATH];
	if (!call || !(call->faults & fault->bit))
		return false;
	bool opens = call->faults & CREATES;
	long flags = opens ? (long)(call->number == SYS_open ? regs->rsi : regs->rdx) : 0;
	bool writes = flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC);
	if (opens && (fault->bit & (KILL | SPACE)) && !writes)
		return false;
	if (call->number == SYS_mmap && (int)regs->r8 != -1) /* only memory, no files */
		return false;
	if ((call->faults & FD) && (fault->bit & (SPACE | IO | PART))) {
		file_of(id, regs->rdi, path);
		if (!path[0])
			return false;
	}
	return fault->bit != PART || regs->rdx > 1;
}

static void note(const char *text, const char *name)
{
	FILE *file = log_path ? fopen(log_path, "ae") : NULL;
	if (!file)
		return;
	fprintf(file, "%s %s\n", text, name);
	fclose(file);
}

/* At the entry of a call. */
static void enter(struct process *process)
{
	struct user_regs_struct regs;
	if (ptrace(PTRACE_GETREGS, process->id, NULL, &regs))
		return;
	const struct call *call = call_of((long)regs.orig_rax);
	struct role *role = &roles[process->role];
	if (!counts(call, &regs, process->id))
		return;
	role->count++;
	if (!who || strcmp(role->name, who) != 0 ||
	    !(role->count == at || (from_then_on && role->count > at)))
		return;
	if (role->count == at) {
		char path[PATH] = "", line[PATH + NAME];
		if (call->faults & FD)
			file_of(process->id, regs.rdi, path);
		snprintf(line, sizeof line, "%s %s", call->name, path);
		note(role->name, line);
	}
	if (fault->bit == KILL) {
		kill(process->id, SIGKILL);
		return;
	}
	if (fault->bit == PART) {
		regs.rdx /= 2;
	} else {
		regs.orig_rax = (unsigned long long)-1;
		process->failing = true;
	}
	ptrace(PTRACE_SETREGS, process->id, NULL, &regs);
}

static void leave(struct process *process)
{
	struct user_regs_struct regs;
	if (!process->failing || ptrace(PTRACE_GETREGS, process->id, NULL, &regs))
		return;
	process->failing = false;
	regs.rax = (unsigned long long)-fault->error;
	ptrace(PTRACE_SETREGS, process->id, NULL, &regs);
}

/* A new process is what its parent is, with a + behind it, until it becomes another program. */
static void forked(const struct process *parent)
{
	unsigned long id;
	char name[NAME];
	if (ptrace(PTRACE_GETEVENTMSG, parent->id, NULL, &id))
		return;
	const char *role = roles[parent->role].name;
	snprintf(name, NAME, "%.90s%s", role, role[strlen(role) - 1] == '+' ? "" : "+");
	add((pid_t)id, role_of(name));
}

/* True when the process is let go. */
static bool became(struct process *process)
{
	char name[NAME];
	process->in_call = true; /* the exit of execve follows */
	process->failing = false;
	if (name_process(process->id, name)) {
		process->role = role_of(name);
		return false;
	}
	ptrace(PTRACE_DETACH, process->id, NULL, NULL);
	process->id = 0;
	return true;
}

static void stopped(struct process *process, int status)
{
	int signal = WSTOPSIG(status), event = status >> 16;
	long pass = 0;
	if (signal == (SIGTRAP | 0x80)) {
		process->in_call = !process->in_call;
		if (process->in_call)
			enter(process);
		else
			leave(process);
	} else if (event == PTRACE_EVENT_EXEC) {
		if (became(process))
			return;
	} else if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
		   event == PTRACE_EVENT_CLONE) {
		forked(process);
	} else if (signal != SIGSTOP && !event) {
		pass = signal;
	}
	ptrace(PTRACE_SYSCALL, process->id, NULL, pass);
}

static void write_counts(const char *path)
{
	FILE *file = path ? fopen(path, "we") : NULL;
	if (!file)
		return;
	for (int i = 0; i < role_n; i++)
		if (roles[i].count)
			fprintf(file, "%s %ld\n", roles[i].name, roles[i].count);
	fclose(file);
}

static pid_t start(char **words)
{
	pid_t id = fork();
	if (id < 0)
		die("fork");
	if (id == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
			_exit(77);
		raise(SIGSTOP);
		execvp(words[0], words);
		die(words[0]);
	}
	int status;
	if (waitpid(id, &status, 0) != id || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, id, NULL,
		   PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			   PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)) {
		fputs("nth: processes cannot be traced here\n", stderr);
		exit(77);
	}
	add(id, role_of("start"));
	ptrace(PTRACE_SYSCALL, id, NULL, NULL);
	return id;
}

int main(int n, char **words)
{
	const char *counts_path = NULL;
	int option, status, result = 0;
	while ((option = getopt(n, words, "+c:l:w:n:f")) != -1) {
		switch (option) {
		case 'c': counts_path = optarg; break;
		case 'l': log_path = optarg; break;
		case 'w': who = optarg; break;
		case 'n': at = atol(optarg); break;
		case 'f': from_then_on = true; break;
		default: return 76;
		}
	}
	for (size_t i = 0; optind < n && i < sizeof faults / sizeof *faults; i++)
		if (strcmp(words[optind], faults[i].name) == 0)
			fault = &faults[i];
	if (!fault || optind + 1 >= n) {
		fputs("nth [-c COUNTS] [-l LOG] [-w WHO] [-n N] [-f] FAULT PROGRAM WORDS...\n",
		      stderr);
		return 76;
	}
	pid_t first = start(words + optind + 1), id;
	while ((id = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		struct process *process = id > 0 ? find(id) : NULL;
		if (id == first && !WIFSTOPPED(status))
			result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		if (!WIFSTOPPED(status)) {
			if (process)
				process->id = 0;
			continue;
		}
		if (!process && id > 0) /* its parent's event comes later */
			process = add(id, role_of("child"));
		if (process)
			stopped(process, status);
	}
	write_counts(counts_path);
	return result;
}
#endif
