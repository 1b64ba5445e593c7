/* Calls that are refused to agents, in each of the kinds that a processor has; and what is let through. */
#include "runtime/callfilter.h"

#include "tests/unit/test.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINUX_CONSOLE = 0x541c, X32 = 0x40000000, IOCTL_X32 = 514 };

/* Is it refused by the filter, and not by what it is asked of? /dev/null would say ENOTTY. */
static bool is_refused(long call, unsigned long what)
{
	char byte = 0;
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	errno = 0;
	bool refused = syscall(call, fd, what, &byte) < 0 && errno == EPERM;
	close(fd);
	return refused;
}

static int in_there(void)
{
	struct fail fail;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || !callfilter_enter(&fail))
		return 1;
	CHECK(is_refused(SYS_ioctl, TIOCSTI) && is_refused(SYS_ioctl, LINUX_CONSOLE),
	      "nobody types into a terminal");
	CHECK(!is_refused(SYS_ioctl, TIOCGWINSZ), "all else of terminals is let through");
	CHECK(syscall(SYS_keyctl, 0, 0, 0) < 0 && errno == EPERM, "keys are closed");
	CHECK(syscall(SYS_io_uring_setup, 0, 0) < 0 && errno == ENOSYS, "io_uring is not there");
#ifdef __x86_64__
	CHECK(is_refused(IOCTL_X32 | X32, TIOCSTI) && is_refused(IOCTL_X32 | X32, LINUX_CONSOLE),
	      "nor in the kind x32, where ioctl has another number");
	CHECK(syscall(SYS_keyctl | X32, 0, 0, 0) < 0 && errno == EPERM, "nor keys in that kind");
#endif
	return test_end();
}

int main(void)
{
#if defined(__x86_64__) || defined(__aarch64__)
	return in_there();
#else
	puts("callfilter: no calls are filtered on this processor");
	return test_end();
#endif
}
