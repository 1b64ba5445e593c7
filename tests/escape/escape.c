/* escape — plays an agent that tries to change what is not its own: every operation on every target by
 * every spelling of its path. Says which succeeded, a line each, and how many it tried.
 *
 *     escape TARGETS OWN [PROCESS…]
 *
 * TARGETS is a file with a line for each: name, `file` or `folder`, absolute path. OWN is a folder that is
 * the agent's. The processes are others' and must not be there, or not be open to it. Used by the sweep
 * of the same name; tells nothing about what an operation did, which is for the hashes outside to say. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { LONGEST = 4096, MOST = 100 };

struct target {
	char name[64], path[LONGEST];
	bool folder;
};
struct place {		/* a target, as it is spelled */
	char path[LONGEST];
	bool folder;
	const char *own;
	char beside[LONGEST + 8];	/* a new name: in the folder, or next to the file */
};

static char *text(char *out, const char *format, const char *a, const char *b)
{
	if (snprintf(out, LONGEST, format, a, b) >= LONGEST)
		exit(2);
	return out;
}

static int opened(int fd)
{
	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

/* Contents. */
static int op_write(const struct place *p) { return opened(open(p->path, O_WRONLY)); }
static int op_read_write(const struct place *p) { return opened(open(p->path, O_RDWR)); }
static int op_append(const struct place *p) { return opened(open(p->path, O_WRONLY | O_APPEND)); }
static int op_open_truncate(const struct place *p) { return opened(open(p->path, O_RDONLY | O_TRUNC)); }
static int op_truncate(const struct place *p) { return truncate(p->path, 1); }
static int op_reopen(const struct place *p)
{
	char again[64];
	int fd = open(p->path, O_RDONLY);
	if (fd < 0)
		return -1;
	snprintf(again, sizeof again, "/proc/self/fd/%d", fd);
	int result = opened(open(again, O_WRONLY));
	close(fd);
	return result;
}
static int op_map(const struct place *p)
{
	int fd = open(p->path, O_RDONLY);
	void *at = fd < 0 ? MAP_FAILED : mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	return at == MAP_FAILED ? -1 : 0;
}
static int op_handle(const struct place *p)
{
	struct {
		struct file_handle head;
		unsigned char rest[128];
	} handle = { .head.handle_bytes = 128 };
	int mount, root = open(p->own, O_RDONLY | O_DIRECTORY), result = -1;
	if (name_to_handle_at(AT_FDCWD, p->path, &handle.head, &mount, 0) == 0)
		result = opened((int)syscall(SYS_open_by_handle_at, root, &handle.head, O_WRONLY));
	close(root);
	return result;
}
/* Names. */
static int op_create(const struct place *p) { return opened(open(p->beside, O_WRONLY | O_CREAT | O_EXCL, 0600)); }
static int op_mkdir(const struct place *p) { return mkdir(p->beside, 0700); }
static int op_symlink(const struct place *p) { return symlink("x", p->beside); }
static int op_fifo(const struct place *p) { return mkfifo(p->beside, 0600); }
static int op_device(const struct place *p) { return mknod(p->beside, S_IFCHR | 0600, 0x103); }
static int op_regular_node(const struct place *p) { return mknod(p->beside, S_IFREG | 0600, 0); }
static int op_socket(const struct place *p)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	if (strlen(p->beside) >= sizeof name.sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name.sun_path, p->beside, strlen(p->beside));
	int s = socket(AF_UNIX, SOCK_STREAM, 0), result = bind(s, (struct sockaddr *)&name, sizeof name);
	close(s);
	return result;
}
static int op_remove(const struct place *p) { return p->folder ? rmdir(p->path) : unlink(p->path); }
static int op_rename_away(const struct place *p) { return rename(p->path, p->beside); }
static int op_steal(const struct place *p)
{
	char to[LONGEST];
	return rename(p->path, text(to, "%s/%s", p->own, "stolen"));
}
static int op_replace(const struct place *p)
{
	char from[LONGEST];
	int result;
	text(from, "%s/%s", p->own, "mine");
	p->folder ? (void)mkdir(from, 0700) : (void)opened(open(from, O_CREAT | O_WRONLY, 0600));
	result = rename(from, p->path);
	p->folder ? (void)rmdir(from) : (void)unlink(from);
	return result;
}
static int op_exchange(const struct place *p)
{
	char from[LONGEST];
	text(from, "%s/%s", p->own, "mine");
	(void)opened(open(from, O_CREAT | O_WRONLY, 0600));
	int result = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, p->path, RENAME_EXCHANGE);
	(void)unlink(from);
	return result;
}
static int op_link_to(const struct place *p)
{
	char to[LONGEST];
	int result = link(p->path, text(to, "%s/%s", p->own, "hard"));
	(void)unlink(to);
	return result;
}
static int op_link_from(const struct place *p)
{
	char from[LONGEST];
	(void)opened(open(text(from, "%s/%s", p->own, "mine"), O_CREAT | O_WRONLY, 0600));
	int result = link(from, p->beside);
	(void)unlink(from);
	return result;
}
static int op_nameless(const struct place *p)
{
	char folder[LONGEST + 8], self[64];
	strcpy(folder, p->beside);
	*strrchr(folder, '/') = 0;
	int fd = open(folder, O_TMPFILE | O_RDWR, 0600);
	if (fd < 0)
		return -1;
	snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
	int result = linkat(AT_FDCWD, self, AT_FDCWD, p->beside, AT_SYMLINK_FOLLOW);
	close(fd);
	return result;
}
/* Attributes. */
static int op_chmod(const struct place *p)
{
	struct stat about;
	return stat(p->path, &about) || chmod(p->path, (about.st_mode ^ 1) & 07777) ? -1 : 0;
}
static int op_chmod_open(const struct place *p)
{
	struct stat about;
	int fd = open(p->path, O_RDONLY);
	int result = fd < 0 || fstat(fd, &about) || fchmod(fd, (about.st_mode ^ 1) & 07777) ? -1 : 0;
	if (fd >= 0)
		close(fd);
	return result;
}
static int op_chown(const struct place *p) { return chown(p->path, getuid(), getgid()); }
static int op_utime(const struct place *p) { return utimensat(AT_FDCWD, p->path, NULL, 0); }
static int op_setxattr(const struct place *p) { return setxattr(p->path, "user.escape", "1", 1, 0); }
static int op_set_flags(const struct place *p)
{
	int fd = open(p->path, O_RDONLY), flags = 0;
	int result = fd < 0 || ioctl(fd, FS_IOC_GETFLAGS, &flags) ? -1 : 0;
	flags ^= FS_NODUMP_FL;
	result = result || ioctl(fd, FS_IOC_SETFLAGS, &flags) ? -1 : 0;
	if (fd >= 0)
		close(fd);
	return result;
}
/* Mounts. */
static int op_mount(const struct place *p) { return mount("none", p->path, "tmpfs", 0, NULL); }
static int op_bind(const struct place *p) { return mount(p->own, p->path, NULL, MS_BIND, NULL); }
static int op_remount(const struct place *p) { return mount(NULL, p->path, NULL, MS_BIND | MS_REMOUNT, NULL); }
static int op_unmount(const struct place *p) { return umount2(p->path, MNT_DETACH); }
static int op_mount_writable(const struct place *p)
{
	struct mount_attr writable = { .attr_clr = MOUNT_ATTR_RDONLY };
	return mount_setattr(AT_FDCWD, p->path, AT_RECURSIVE, &writable, sizeof writable);
}
static int op_copy_mount(const struct place *p)
{
	return opened(open_tree(AT_FDCWD, p->path, OPEN_TREE_CLONE | AT_RECURSIVE));
}
static int op_pivot(const struct place *p) { return (int)syscall(SYS_pivot_root, p->path, p->path); }
static int op_chroot(const struct place *p) { return chroot(p->path); }

/* In a process of its own: its status is the result. */
static bool map_self(uid_t user, gid_t group)
{
	const char *files[] = { "/proc/self/setgroups", "/proc/self/uid_map", "/proc/self/gid_map" };
	char line[64];
	for (int i = 0; i < 3; i++) {
		int fd = open(files[i], O_WRONLY);
		snprintf(line, sizeof line, "0 %u 1", i == 1 ? user : group);
		if (fd < 0 || write(fd, i ? line : "deny", strlen(i ? line : "deny")) < 0)
			return false;
		close(fd);
	}
	return true;
}
static bool nest(void)
{
	uid_t user = getuid();
	gid_t group = getgid();
	return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && map_self(user, group);
}
static int op_nested_chroot(const struct place *p)
{
	pid_t id = fork();
	int status = 1;
	if (id == 0) {
		bool good = nest() && chroot(p->path) == 0 && chdir("/") == 0;
		_exit(good && opened(open("escape-new", O_CREAT | O_WRONLY, 0600)) == 0 ? 0 : 1);
	}
	waitpid(id, &status, 0);
	return status ? -1 : 0;
}
static int op_memory_program(const struct place *p)
{
	pid_t id = fork();
	int status = 1;
	if (id == 0) {
		char part[65536], name[64];
		int from = open("/bin/dd", O_RDONLY), to = memfd_create("dd", 0);
		for (ssize_t n; (n = read(from, part, sizeof part)) > 0;)
			if (write(to, part, (size_t)n) != n)
				_exit(1);
		char of[LONGEST + 4];
		snprintf(of, sizeof of, "of=%s", p->path);
		snprintf(name, sizeof name, "/proc/self/fd/%d", to);
		close(2);
		execl(name, "dd", "if=/dev/null", of, "conv=notrunc,nocreat", "count=0", (char *)NULL);
		_exit(1);
	}
	waitpid(id, &status, 0);
	return status ? -1 : 0;
}

/* INODE: what counts is the file, whatever its name. NEW: makes a name, beside a file or in a folder. */
enum { FILES = 1, FOLDERS = 2, BOTH = 3, MOUNTS = 4, INODE = 8, NEW = 16 };
static const struct {
	const char *name;
	int (*run)(const struct place *);
	int on;
} operations[] = {
	{ "write", op_write, FILES | INODE }, { "read-write", op_read_write, FILES | INODE }, { "append", op_append, FILES | INODE },
	{ "reopen", op_reopen, FILES | INODE }, { "map", op_map, FILES | INODE }, { "handle", op_handle, FILES | INODE },
	{ "memory-program", op_memory_program, FILES | INODE }, { "create", op_create, BOTH | NEW },
	{ "mkdir", op_mkdir, BOTH | NEW }, { "symlink", op_symlink, BOTH | NEW }, { "fifo", op_fifo, BOTH | NEW },
	{ "device", op_device, BOTH | NEW }, { "regular-node", op_regular_node, BOTH | NEW }, { "socket", op_socket, BOTH | NEW },
	{ "nameless", op_nameless, BOTH | NEW }, { "link-to", op_link_to, FILES }, { "link-from", op_link_from, BOTH | NEW },
	{ "chmod", op_chmod, BOTH | INODE }, { "chmod-open", op_chmod_open, BOTH | INODE }, { "chown", op_chown, BOTH | INODE },
	{ "utime", op_utime, BOTH | INODE }, { "setxattr", op_setxattr, BOTH | INODE }, { "set-flags", op_set_flags, BOTH | INODE },
	{ "mount", op_mount, FOLDERS | MOUNTS }, { "bind", op_bind, FOLDERS | MOUNTS },
	{ "remount", op_remount, BOTH | MOUNTS }, { "unmount", op_unmount, BOTH | MOUNTS },
	{ "mount-writable", op_mount_writable, BOTH | MOUNTS }, { "copy-mount", op_copy_mount, BOTH | MOUNTS },
	{ "pivot", op_pivot, FOLDERS | MOUNTS }, { "chroot", op_chroot, FOLDERS | MOUNTS },
	{ "nested-chroot", op_nested_chroot, FOLDERS }, { "open-truncate", op_open_truncate, FILES | INODE },
	{ "truncate", op_truncate, FILES | INODE }, { "exchange", op_exchange, FILES },
	{ "rename-away", op_rename_away, BOTH }, { "steal", op_steal, BOTH },
	{ "replace", op_replace, BOTH }, { "remove", op_remove, BOTH },
};
enum { OPERATIONS = sizeof operations / sizeof *operations };

static const char *const spellings[] = { "absolute", "relative", "link", "root", "cwd",
					 "descriptor", "itself", "hard-link", "nested", "bind" };
enum { ABSOLUTE, RELATIVE, LINK, ROOT, CWD, DESCRIPTOR, ITSELF, HARD_LINK, NESTED, BOUND, SPELLINGS };

static void upwards(char *out, const char *path)
{
	char here[LONGEST];
	size_t n = 0;
	if (!getcwd(here, sizeof here))
		exit(2);
	for (const char *c = here; *c; c++)
		if (*c == '/' && c[1])
			n += (size_t)snprintf(out + n, LONGEST - n, "../");
	if (snprintf(out + n, LONGEST - n, "%s", path + 1) >= (int)(LONGEST - n))
		exit(2);
}

/* False when the spelling itself is refused, which is one attempt. */
static bool spell(int how, const struct target *target, struct place *place)
{
	char parent[LONGEST], link_path[LONGEST], up[LONGEST];
	const char *name = strrchr(target->path, '/') + 1;
	snprintf(parent, sizeof parent, "%.*s", (int)(name - 1 - target->path), target->path);
	if (!*parent)
		strcpy(parent, "/");
	text(link_path, "%s/%s", place->own, "way");
	place->folder = target->folder;
	switch (how) {
	case ABSOLUTE: strcpy(place->path, target->path); break;
	case RELATIVE: upwards(place->path, target->path); break;
	case LINK:
		unlink(link_path);
		if (symlink(parent, link_path))
			return false;
		text(place->path, "%s/%s", link_path, name);
		break;
	case ROOT: text(place->path, "/proc/self/root%s%s", target->path, ""); break;
	case CWD:
		upwards(up, target->path);
		text(place->path, "/proc/self/cwd/%s%s", up, "");
		break;
	case DESCRIPTOR:
	case ITSELF: {
		char number[64];
		int fd = open(how == ITSELF ? target->path : parent, O_PATH);
		if (fd < 0)
			return false;
		snprintf(number, sizeof number, "/proc/self/fd/%d", fd);
		text(place->path, how == ITSELF ? "%s%s" : "%s/%s", number, how == ITSELF ? "" : name);
		break;
	}
	case HARD_LINK:
		unlink(link_path);
		if (target->folder || link(target->path, link_path))
			return false;
		strcpy(place->path, link_path);
		break;
	case NESTED:
		if (!nest())
			return false;
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
		struct mount_attr writable = { .attr_clr = MOUNT_ATTR_RDONLY };
		mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &writable, sizeof writable);
		mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL);
		umount2(parent, MNT_DETACH);
		umount2(target->path, MNT_DETACH);
		strcpy(place->path, target->path);
		break;
	case BOUND:
		text(link_path, "%s/%s", place->own, target->folder ? "bound-folder" : "bound-file");
		target->folder ? (void)mkdir(link_path, 0700)
			       : (void)opened(open(link_path, O_CREAT | O_WRONLY, 0600));
		if (!nest() || mount(target->path, link_path, NULL, MS_BIND | MS_REC, NULL))
			return false;
		mount(NULL, link_path, NULL, MS_REMOUNT | MS_BIND, NULL);
		strcpy(place->path, link_path);
		break;
	}
	snprintf(place->beside, sizeof place->beside, place->folder ? "%s/new" : "%s.new", place->path);
	return true;
}

/* A process, which ends when all is tried: spelling may change what it sees. The number of attempts is
 * its status. */
static void try_target(int how, const struct target *target, const char *own)
{
	struct place place = { .own = own };
	char at[LONGEST];
	unsigned tried = 1;
	if (spell(how, target, &place)) {
		tried = 0;
		for (int i = 0; i < OPERATIONS; i++) {
			int on = operations[i].on;
			/* New names beside what it owns are for the gate. */
			if ((on & NEW) && !target->folder && strchr(target->name, '~'))
				continue;
			/* In namespaces of its own, mounts are its own too; and a name in its own folder is
			 * its own to change. */
			if (!(on & (target->folder ? FOLDERS : FILES)) || ((on & MOUNTS) && how >= NESTED) ||
			    (!(on & INODE) && !target->folder && (how == HARD_LINK || how == BOUND)))
				continue;
			tried++;
			if (operations[i].run(&place) == 0)
				printf("succeeded %s %s %s\n", operations[i].name, target->name,
				       spellings[how]);
		}
	} else {
		printf("refused %s %s: %s\n", spellings[how], target->name, strerror(errno));
	}
	unlink(text(at, "%s/%s", own, "way"));
	unlink(text(at, "%s/%s", own, "bound-file"));
	rmdir(text(at, "%s/%s", own, "bound-folder"));
	fflush(stdout);
	_exit((int)tried);
}

static int count(pid_t id)
{
	int status;
	waitpid(id, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* Processes. */
static int on_priority(pid_t id) { return setpriority(PRIO_PROCESS, (id_t)id, 19); }
static int on_affinity(pid_t id)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	return sched_setaffinity(id, sizeof set, &set);
}
static int on_limit(pid_t id)
{
	struct rlimit none;
	return prlimit(id, RLIMIT_CORE, NULL, &none) || prlimit(id, RLIMIT_CORE, &none, NULL) ? -1 : 0;
}
static int on_signal(pid_t id) { return kill(id, 0); }
static int on_descriptor(pid_t id) { return opened((int)syscall(SYS_pidfd_open, id, 0)) ? -1 : kill(id, SIGCONT); }
static int on_trace(pid_t id)
{
	if (ptrace(PTRACE_SEIZE, id, NULL, NULL))
		return -1;
	ptrace(PTRACE_DETACH, id, NULL, NULL);
	return 0;
}
static int on_memory(pid_t id)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/mem", id);
	return opened(open(path, O_RDWR));
}
static int on_vector(pid_t id)
{
	char byte = 0;
	struct iovec here = { &byte, 1 }, there = { (void *)0x1000, 1 };
	/* EFAULT is of somebody who may. */
	return process_vm_writev(id, &here, 1, &there, 1, 0) >= 0 || errno == EFAULT ? 0 : -1;
}
static int on_root(pid_t id)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/root/", id);
	return opened(open(path, O_PATH));
}
static int on_namespace(pid_t id)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/ns/mnt", id);
	int fd = open(path, O_RDONLY), result = fd < 0 ? -1 : setns(fd, CLONE_NEWNS);
	if (fd >= 0)
		close(fd);
	return result;
}
static const struct {
	const char *name;
	int (*run)(pid_t);
} on_process[] = {
	{ "priority", on_priority }, { "affinity", on_affinity }, { "limit", on_limit },
	{ "signal", on_signal }, { "descriptor", on_descriptor }, { "trace", on_trace },
	{ "memory", on_memory }, { "vector", on_vector }, { "process-root", on_root },
	{ "namespace", on_namespace },
};

static int try_processes(char **numbers)
{
	int tried = 0;
	for (; *numbers; numbers++)
		for (size_t i = 0; i < sizeof on_process / sizeof *on_process; i++, tried++)
			if (on_process[i].run((pid_t)atoi(*numbers)) == 0)
				printf("succeeded %s process number\n", on_process[i].name);
	return tried;
}

/* The machine, and what is the user's in the kernel. */
static int try_machine(void)
{
	int tried = 0;
	char byte = 'x';
	const char *settings[] = { "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sys/vm/swappiness",
				   "/proc/sys/fs/file-max", "/proc/sysrq-trigger", "/proc/1/environ", "/proc/1/mem",
				   "/proc/1/fd/0", "/proc/1/exe" };
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++, tried++)
		if (opened(open(settings[i], O_WRONLY)) == 0)
			printf("succeeded write machine %s\n", settings[i]);
	for (int fd = 0; fd < 3; fd++, tried++)
		if (ioctl(fd, TIOCSTI, &byte) == 0)
			printf("succeeded type machine %d\n", fd);
	if (syscall(SYS_add_key, "user", "escape", "x", 1, -4 /* the user's */) >= 0)
		printf("succeeded add-key machine user\n");
	if (syscall(SYS_keyctl, 0 /* which is it */, -4, 1) >= 0)
		printf("succeeded keyctl machine user\n");
	if (syscall(SYS_init_module, "", 0, "") == 0)
		printf("succeeded module machine any\n");
	char parameters[120] = { 0 };
	if (opened((int)syscall(SYS_io_uring_setup, 4, parameters)) == 0)
		printf("succeeded ring machine any\n");
	if (swapoff("/none") == 0 || errno == ENOENT)
		printf("succeeded swapoff machine any\n");
	return tried + 5;
}
int main(int n, char **words)
{
	static struct target targets[MOST];
	size_t count_of = 0;
	int tried = 0;
	FILE *list = n > 2 ? fopen(words[1], "r") : NULL;
	char kind[16];
	if (!list)
		return 2;
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	while (count_of < MOST && fscanf(list, "%63s %15s %4095s", targets[count_of].name, kind,
					 targets[count_of].path) == 3)
		targets[count_of++].folder = strcmp(kind, "folder") == 0;
	fclose(list);
	for (size_t i = 0; i < count_of; i++)
		for (int how = 0; how < SPELLINGS; how++) {
			fflush(stdout);
			pid_t id = fork();
			if (id == 0)
				try_target(how, &targets[i], words[2]);
			tried += count(id);
		}
	tried += try_processes(words + 3) + try_machine();
	printf("attempts %d operations %d targets %zu spellings %d\n", tried, OPERATIONS, count_of, SPELLINGS);
	return 0;
}
