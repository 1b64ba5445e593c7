/* loop.c — see loop.h. */
#include "runtime/loop.h"

#include "common/text.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

enum { SIGNALS = 8, LONGEST_LINE = 4096, READ = 4096 };

struct loop {
	uv_loop_t uv;
	struct loop_process *processes;	/* a list */
	uv_signal_t signals[SIGNALS];
	size_t signal_n;
	void (*heard)(void *self, int signal);
	void *heard_self;
	uv_timer_t timer, alarm;
	void (*tick)(void *self);
	void *tick_self;
};
struct loop_process {
	struct loop *loop;
	struct loop_process *next;
	struct loop_orders orders;	/* words and errors are not used after the start */
	uv_process_t process;
	uv_pipe_t alive, printed;	/* its standard input and output */
	char buffer[READ];
	struct text line;
	int status, signal;
	bool exited, quiet, told;	/* the process, its output; `ended` was called */
	unsigned open;			/* handles that libuv has not closed yet */
};

static bool fail_uv(struct fail *fail, const char *what, int error)
{
	return fail_set(fail, "%s: %s", what, uv_strerror(error));
}

bool loop_open(struct loop **out, struct fail *fail)
{
	struct loop *loop = calloc(1, sizeof *loop);
	if (!loop)
		fail_memory();
	int error = uv_loop_init(&loop->uv);
	if (error) {
		free(loop);
		return fail_uv(fail, "cannot begin to wait for events", error);
	}
	uv_timer_init(&loop->uv, &loop->timer);
	uv_timer_init(&loop->uv, &loop->alarm);
	*out = loop;
	return true;
}

static void unlink_process(struct loop_process *process)
{
	struct loop_process **at = &process->loop->processes;
	while (*at && *at != process)
		at = &(*at)->next;
	if (*at)
		*at = process->next;
}

static void closed(uv_handle_t *handle)
{
	struct loop_process *process = handle->data;
	if (--process->open)
		return;
	unlink_process(process);
	text_release(&process->line);
	free(process);
}

static void close_handle(struct loop_process *process, uv_handle_t *handle)
{
	if (uv_is_closing(handle))
		return;
	handle->data = process;
	uv_close(handle, closed);
}

static void close_process(struct loop_process *process)
{
	close_handle(process, (uv_handle_t *)&process->process);
	close_handle(process, (uv_handle_t *)&process->alive);
	close_handle(process, (uv_handle_t *)&process->printed);
}

static void close_any(uv_handle_t *handle, void *self)
{
	(void)self;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

void loop_close(struct loop *loop)
{
	if (!loop)
		return;
	for (struct loop_process *process = loop->processes, *next; process; process = next) {
		next = process->next;
		close_process(process);
	}
	uv_walk(&loop->uv, close_any, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	uv_loop_close(&loop->uv);
	free(loop);
}

static void tell_if_over(struct loop_process *process)
{
	if (!process->exited || !process->quiet || process->told)
		return;
	process->told = true;
	process->orders.ended(process->orders.self, process->status, process->signal);
	close_process(process);
}

static void give_line(struct loop_process *process)
{
	process->orders.line(process->orders.self, text_str(&process->line));
	text_clear(&process->line);
}

static void give_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct loop_process *process = handle->data;
	(void)suggested;
	*buffer = uv_buf_init(process->buffer, sizeof process->buffer);
}

static void was_printed(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
	struct loop_process *process = stream->data;
	for (ssize_t i = 0; i < n; i++) {
		if (buffer->base[i] == '\n')
			give_line(process);
		else if (process->line.n < LONGEST_LINE)
			text_add_byte(&process->line, buffer->base[i]);
	}
	if (n < 0) {
		uv_read_stop(stream);
		process->quiet = true;
		tell_if_over(process);
	}
}

static void has_exited(uv_process_t *handle, int64_t status, int signal)
{
	struct loop_process *process = handle->data;
	process->exited = true;
	process->status = signal ? -1 : (int)status;
	process->signal = signal;
	tell_if_over(process);
}

bool loop_start(struct loop *loop, const struct loop_orders *orders, struct loop_process **out,
		struct fail *fail)
{
	int errors = open(orders->errors, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (errors < 0)
		return fail_system(fail, "cannot write %s", orders->errors);
	struct loop_process *process = calloc(1, sizeof *process);
	if (!process)
		fail_memory();
	process->loop = loop;
	process->orders = *orders;
	process->open = 3;
	process->process.data = process->alive.data = process->printed.data = process;
	uv_pipe_init(&loop->uv, &process->alive, 0);
	uv_pipe_init(&loop->uv, &process->printed, 0);
	uv_stdio_container_t files[] = {
		{ .flags = UV_CREATE_PIPE | UV_READABLE_PIPE,
		  .data.stream = (uv_stream_t *)&process->alive },
		{ .flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
		  .data.stream = (uv_stream_t *)&process->printed },
		{ .flags = UV_INHERIT_FD, .data.fd = errors },
	};
	uv_process_options_t options = {
		.exit_cb = has_exited, .file = orders->words[0], .args = (char **)orders->words,
		.flags = UV_PROCESS_DETACHED, .stdio_count = 3, .stdio = files,
	};
	process->next = loop->processes;
	loop->processes = process;
	int error = uv_spawn(&loop->uv, &process->process, &options);
	close(errors);
	if (!error)
		error = uv_read_start((uv_stream_t *)&process->printed, give_buffer, was_printed);
	if (error) {
		fail_set(fail, "cannot start %s: %s", orders->words[0], uv_strerror(error));
		process->told = true;
		close_process(process);
		return false;
	}
	*out = process;
	return true;
}

void loop_terminate(struct loop_process *process)
{
	if (process->exited)
		return;
	uv_process_kill(&process->process, SIGTERM);
	uv_process_kill(&process->process, SIGCONT); /* one that is stopped hears nothing else */
}

void loop_kill(struct loop_process *process)
{
	if (process->process.pid > 0)
		kill(-process->process.pid, SIGKILL);
}

size_t loop_processes(const struct loop *loop, pid_t *ids, size_t most)
{
	size_t n = 0;
	for (const struct loop_process *process = loop->processes; process && n < most;
	     process = process->next)
		if (!process->exited && process->process.pid > 0)
			ids[n++] = process->process.pid;
	return n;
}

static void signal_came(uv_signal_t *handle, int signal)
{
	struct loop *loop = handle->data;
	loop->heard(loop->heard_self, signal);
}

bool loop_signals(struct loop *loop, const int *signals, size_t n,
		  void (*heard)(void *self, int signal), void *self, struct fail *fail)
{
	BUG_IF(loop->signal_n || n > SIGNALS, "signals are asked for twice");
	loop->heard = heard;
	loop->heard_self = self;
	for (size_t i = 0; i < n; i++) {
		uv_signal_t *handle = &loop->signals[loop->signal_n++];
		int error = uv_signal_init(&loop->uv, handle);
		handle->data = loop;
		if (!error)
			error = uv_signal_start(handle, signal_came, signals[i]);
		if (error)
			return fail_uv(fail, "cannot wait for signals", error);
		uv_unref((uv_handle_t *)handle);
	}
	return true;
}

static void ticked(uv_timer_t *timer)
{
	struct loop *loop = timer->data;
	loop->tick(loop->tick_self);
}

void loop_every(struct loop *loop, uint64_t milliseconds, void (*tick)(void *self), void *self)
{
	loop->tick = tick;
	loop->tick_self = self;
	loop->timer.data = loop;
	if (milliseconds)
		uv_timer_start(&loop->timer, ticked, milliseconds, milliseconds);
	else
		uv_timer_stop(&loop->timer);
}

static void woken(uv_timer_t *alarm)
{
	(void)alarm;
}

void loop_wake(struct loop *loop, int64_t at)
{
	int64_t left = at - loop_now();
	uv_update_time(&loop->uv);
	if (at)
		uv_timer_start(&loop->alarm, woken, left > 0 ? (uint64_t)left + 1 : 0, 0);
	else
		uv_timer_stop(&loop->alarm);
}

void loop_wait(struct loop *loop)
{
	uv_run(&loop->uv, UV_RUN_ONCE);
}

int64_t loop_now(void)
{
	return (int64_t)(uv_hrtime() / 1000000);
}
