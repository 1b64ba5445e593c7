/* jail.c — what a process in a jail can still do, and what not: each tried in a process of its
 * own. */
#include "runtime/jail.h"

#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

static bool opens(const char *path, int flags)
{
	return open(path, flags, 0600) >= 0;
}

/* Reading what is inside, and going on as a program does. */
static bool read_inside(void)
{
	char byte;
	int fd = open("in/file", O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, &byte, 1) == 1 && byte == 'x' && close(fd) == 0;
}
static bool read_below(void) { return opens("in/deep/er", O_RDONLY); }
static bool list_inside(void) { return opens("in/deep", O_RDONLY | O_DIRECTORY); }
static bool look_outside(void)
{
	struct stat s;
	return stat("/etc/passwd", &s) == 0;
} /* that it is there is no secret */
static bool take_memory(void) { return memset(malloc(1 << 26), 1, 1 << 26) != NULL; }
static bool say(void) { return write(STDERR_FILENO, "", 0) == 0; }
static bool stop_itself(void) { signal(SIGABRT, SIG_IGN); return raise(SIGABRT) == 0; }

static bool read_outside(void) { return opens("out/file", O_RDONLY); }
static bool read_system(void) { return opens("/etc/passwd", O_RDONLY); }
static bool read_over_link(void) { return opens("in/link", O_RDONLY); }
static bool read_up(void) { return opens("in/../out/file", O_RDONLY); }
static bool read_device(void) { return opens("/dev/zero", O_RDONLY); }
static bool read_process(void) { return opens("/proc/self/environ", O_RDONLY); }
static bool write_inside(void) { return opens("in/file", O_WRONLY); }
static bool write_both(void) { return opens("in/file", O_RDWR); }
static bool cut_inside(void) { return truncate("in/file", 0) == 0; }
static bool cut_open(void) { return opens("in/file", O_RDONLY | O_TRUNC); }
static bool make_inside(void) { return opens("in/new", O_WRONLY | O_CREAT); }
static bool make_nameless(void) { return opens("in", O_WRONLY | O_TMPFILE); }
static bool make_folder(void) { return mkdir("in/newer", 0700) == 0; }
static bool make_link(void) { return symlink("file", "in/sym") == 0; }
static bool make_pipe(void) { return mkfifo("in/fifo", 0600) == 0; }
static bool take_away(void) { return unlink("in/file") == 0; }
static bool move(void) { return rename("in/file", "in/moved") == 0; }
static bool change_mode(void) { return chmod("in/file", 0777) == 0; }
static bool change_time(void) { return utimensat(AT_FDCWD, "in/file", NULL, 0) == 0; }
static bool make_outside(void) { return opens("out/new", O_WRONLY | O_CREAT); }
static bool write_outside(void) { return opens("out/file", O_WRONLY); }
static bool move_out(void) { return rename("in/file", "out/moved") == 0; }
static bool run(void) { return execl("/bin/true", "true", (char *)NULL) == 0; }
static bool fork_off(void)
{
	pid_t pid = fork();
	if (!pid)
		_exit(0);
	return pid > 0;
}
static bool connect_out(void) { return socket(AF_INET, SOCK_STREAM, 0) >= 0; }
static bool connect_local(void) { return socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }
static bool pair_up(void) { int fd[2]; return socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == 0; }
static bool trace_parent(void) { return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0; }
static bool signal_parent(void) { return kill(getppid(), 0) == 0; }
static bool signal_thread(void) { return syscall(SYS_tgkill, getppid(), getppid(), 0) == 0; }
static bool run_memory(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
	       MAP_FAILED;
}
static bool make_runnable(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return page != MAP_FAILED && mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}
static bool type_for_user(void)
{
	char c = 'x';
	return ioctl(STDIN_FILENO, TIOCSTI, &c) == 0 || errno != EPERM;
}
static bool take_limits(void)
{
	struct rlimit r = { 1, 1 };
	return setrlimit(RLIMIT_NOFILE, &r) == 0;
}
static bool leave_root(void) { return chroot("/") == 0; }
static bool mount_over(void) { return syscall(SYS_unshare, 0x00020000) == 0; }
static bool ring(void)
{
	return syscall(425, 1, NULL) >= 0 || errno != ENOSYS;
} /* io_uring_setup */
static bool memory_file(void) { return syscall(SYS_memfd_create, "x", 0) >= 0; }
static bool load_module(void)
{
	return syscall(SYS_finit_module, -1, "", 0) == 0 || errno != ENOSYS;
}
static bool own_descriptor(void) { return fcntl(STDERR_FILENO, F_SETOWN, getppid()) == 0; }

static const struct {
	const char *what;
	bool (*act)(void);
	bool allowed;
} acts[] = {
#define ACT(name, allowed) { #name, name, allowed }
	ACT(read_inside, true),
	ACT(read_below, true),
	ACT(list_inside, true),
	ACT(look_outside, true),
	ACT(take_memory, true),
	ACT(say, true),
	ACT(stop_itself, true),
	ACT(write_inside, false),
	ACT(write_both, false),
	ACT(make_inside, false),
	ACT(cut_open, false),
	ACT(make_folder, false),
	ACT(take_away, false),
	ACT(move, false),
	ACT(read_outside, false),
	ACT(read_system, false),
	ACT(read_over_link, false),
	ACT(read_up, false),
	ACT(read_device, false),
	ACT(read_process, false),
	ACT(make_outside, false),
	ACT(write_outside, false),
	ACT(move_out, false),
	ACT(cut_inside, false),
	ACT(make_link, false),
	ACT(make_pipe, false),
	ACT(change_mode, false),
	ACT(change_time, false),
	ACT(run, false),
	ACT(fork_off, false),
	ACT(connect_out, false),
	ACT(connect_local, false),
	ACT(pair_up, false),
	ACT(trace_parent, false),
	ACT(signal_parent, false),
	ACT(signal_thread, false),
	ACT(run_memory, false),
	ACT(make_runnable, false),
	ACT(type_for_user, false),
	ACT(take_limits, false),
	ACT(leave_root, false),
	ACT(mount_over, false),
	ACT(ring, false),
	ACT(memory_file, false),
	ACT(load_module, false),
	ACT(own_descriptor, false),
	ACT(make_nameless, false),
};

enum { DONE, DENIED, NO_FILES = 10, NO_CALLS = 20 };

/* What comes of it in a jail around `in`; without one, what comes of it anyway. */
static int try(bool (*act)(void), bool jailed)
{
	struct str in = { NULL, 0 };
	char path[256];
	snprintf(path, sizeof path, "%s/in", scratch_folder);
	in = str_from(path);
	pid_t pid = fork();
	if (!pid) {
		struct jail jail = { true, true };
		if (jailed)
			jail = jail_begin((struct str_list){ &in, 1 });
		_exit(!jail.files ? NO_FILES : !jail.calls ? NO_CALLS : act() ? DONE : DENIED);
	}
	int status;
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool lay_out(void)
{
	return scratch_run(
		"rm -rf in out && mkdir -p in/deep out && printf x > in/file && printf x > in/deep/er && printf x > out/file && "
		"ln -s ../out/file in/link");
}

static void check_acts(void)
{
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
		lay_out();
		int came = try(acts[i].act, true);
		if (!CHECK(came == (acts[i].allowed ? DONE : DENIED), acts[i].what))
			printf("    %d\n", came);
	}
	CHECK(lay_out() && scratch_run("test -f in/file && test -f out/file"), "a clean end");
}

/* A test that everything passes shows nothing: most of it works outside of a jail. */
static void check_free(void)
{
	size_t works = 0;
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
		if (acts[i].act == trace_parent || acts[i].act == type_for_user)
			continue;	/* would stop this program, or type at the terminal */
		lay_out();
		works += try(acts[i].act, false) == DONE;
	}
	CHECK(works >= 30, "without a jail, most of it can be done");
}

int main(void)
{
	if (!scratch_begin("jail") || !lay_out())
		return 1;
	int shut = try(say, true);
	if (shut == NO_FILES || shut == NO_CALLS) {
		printf("this kernel has no %s: what it does not have is not tested\n",
		       shut == NO_FILES ? "Landlock" : "seccomp");
		CHECK(true, "going on without");
	} else {
		check_acts();
		check_free();
	}
	scratch_end();
	return test_end();
}
