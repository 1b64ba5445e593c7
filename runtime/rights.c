/* rights.c — see rights.h. */
#include "runtime/rights.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

bool rights_give_up(bool nest, struct fail *fail)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct left[2] = { { 0 } };
	if (nest)
		left[0].permitted = left[0].effective = 1u << CAP_SETFCAP;
	/* From the bounding set only who has the right may take, and only who has it needs to: nobody
	 * gets a capability from a program's file once there are no new privileges. */
	for (int right = 0; prctl(PR_CAPBSET_READ, right, 0, 0, 0) >= 0; right++)
		if (!(nest && right == CAP_SETFCAP) && prctl(PR_CAPBSET_DROP, right, 0, 0, 0) &&
		    errno != EPERM)
			return fail_system(fail, "cannot give up a capability");
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) ||
	    syscall(SYS_capset, &header, left))
		return fail_system(fail, "cannot give up capabilities");
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ||
	       fail_system(fail, "cannot give up new privileges");
}
