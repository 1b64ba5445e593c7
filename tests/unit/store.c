/* store.c — the journal on disk: what was acknowledged comes back, or the journal is refused. Runs
 * of the pretend world are journaled in it, killed and resumed; files are cut and flipped
 * everywhere. */
#include "runtime/store.h"

#include "tests/lib/pretend.h"
#include "tests/lib/schedules.h"
#include "tests/unit/scratch.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static const struct machine_options all = { 0 };

static struct store *must_open(const char *path)
{
	struct store *store;
	struct fail fail;
	if (!store_open(path, &store, &fail)) {
		printf("%s\n", fail.text);
		abort();
	}
	return store;
}

static int64_t must_begin(struct store *store, const struct schedule *s)
{
	struct fail fail;
	int64_t id = 0;
	struct store_run run = { .plan = s->plan.name,
				 .source = STR("plan.orch"),
				 .image_hash = STR("abc"),
				 .only = STR("a b"),
				 .base_branch = STR("refs/heads/main"),
				 .jobs = 3,
				 .started = 1700000000 };
	run.base = pretend_oid("base", (struct oid){ "" }, (struct oid){ "" }, 0);
	if (!store_begin(store, &run, s, &id, &fail)) {
		printf("%s\n", fail.text);
		abort();
	}
	return id;
}

static void remove_journal(void)
{
	unlink("j");
	unlink("j-wal");
	unlink("j-shm");
	unlink("j-head");
}

static bool same_memory(const struct machine_memory *a, const struct machine_memory *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool states = !a[i].state || !b[i].state ? a[i].state == b[i].state
							 : strcmp(a[i].state, b[i].state) == 0;
		if (!states || a[i].attempt != b[i].attempt || a[i].failures != b[i].failures ||
		    a[i].reason != b[i].reason || !oid_equal(a[i].start, b[i].start) ||
		    !oid_equal(a[i].result, b[i].result) || !str_equal(a[i].message, b[i].message))
			return false;
	}
	return true;
}

/* One process of a run after the other, each with the journal opened anew. */
static bool run_journaled(struct pretend *p, struct arena *arena, size_t trouble_at)
{
	bool finished = false;
	struct fail fail;
	for (int process = 0; process < 4 && !finished; process++) {
		struct machine_memory *memory;
		struct machine_strand strand;
		p->store = must_open("j");
		if (!p->run)
			p->run = must_begin(p->store, p->schedule);
		p->trouble_at = process < 2 ? trouble_at : 0;
		pretend_process(p, &all, &finished, &fail);
		store_close(p->store);
		p->store = must_open("j");
		if (!store_memory(p->store, arena, p->run, p->schedule->agent_n, &memory, &strand,
				  &fail))
			p->wrong = "the journal cannot be read";
		else if (!same_memory(memory, p->memory, p->schedule->agent_n) ||
			 strand.pc != p->strand.pc ||
			 !oid_equal(strand.integration, p->strand.integration) ||
			 !oid_equal(strand.before, p->strand.before))
			p->wrong = "the journal remembers something else";
		store_close(p->store);
	}
	if (!p->wrong)
		pretend_judge(p);
	return finished && !p->wrong;
}

static void test_runs(void)
{
	bool fine = true;
	for (uint64_t seed = 1; seed <= 40 && fine; seed++) {
		struct arena arena = { 0 };
		struct pretend p;
		const struct schedule *s = schedules_make(&arena, seed, 12);
		pretend_init(&p, &arena, s, &all, seed);
		pretend_fates(&p, 6);
		p.trouble = PRETEND_KILL_BEFORE + seed % 2;
		fine = run_journaled(&p, &arena, 1 + seed % 23);
		if (!fine)
			printf("seed %llu: %s\n", (unsigned long long)seed,
			       p.wrong ? p.wrong : "not finished");
		arena_release(&arena);
	}
	CHECK(fine, "killed and resumed from the real journal, runs end as their fates say");
	struct arena arena = { 0 };
	struct store *store = must_open("j");
	struct store_run *runs;
	size_t n = 0;
	struct fail fail;
	CHECK(store_runs(store, &arena, &runs, &n, &fail) && n == 40 && runs[39].id == 40,
	      "all runs are in one journal");
	store_close(store);
	arena_release(&arena);
	remove_journal();
}

/* Another journal of the repository was there before, and its runs' refs still are. */
static void test_first_number(void)
{
	struct arena arena = { 0 };
	struct store *store = must_open("j");
	const struct schedule *s = schedules_make(&arena, 4, 5);
	struct store_run *runs, run = {
		.id = 7, .plan = s->plan.name, .source = STR("p"), .image_hash = STR("abc")
	};
	struct fail fail;
	int64_t id;
	size_t n;
	run.base = pretend_oid("base", (struct oid){ "" }, (struct oid){ "" }, 0);
	CHECK(store_begin(store, &run, s, &id, &fail) && id == 7,
	      "the first run's number is given");
	CHECK(store_begin(store, &run, s, &id, &fail) && id == 8, "the next follows it");
	CHECK(store_runs(store, &arena, &runs, &n, &fail) && n == 2 && runs[1].id == 8,
	      "no run is missed");
	store_close(store);
	arena_release(&arena);
	remove_journal();
}

/* A journal with a whole run, still open, so that there is a log beside it. */
static struct store *filled(struct arena *arena, struct pretend *p, uint64_t seed)
{
	bool finished;
	struct fail fail;
	struct store *store = must_open("j");
	pretend_init(p, arena, schedules_make(arena, seed, 12), &all, seed);
	pretend_fates(p, 6);
	p->store = store;
	p->run = must_begin(store, p->schedule);
	pretend_process(p, &all, &finished, &fail);
	return store;
}

static void test_facts(void)
{
	struct arena arena = { 0 };
	struct pretend p;
	struct fail fail = { "" };
	struct store *store = filled(&arena, &p, 4);
	struct store_run run;
	struct store_attempt *attempts;
	size_t n;
	bool found = false;
	struct world_event event = { "started", 0, 1, STR("an event"), { "" } };
	CHECK(store_find(store, &arena, 0, &run, &found, &fail) && found && run.id == 1,
	      "the last run");
	CHECK(str_is(run.source, "plan.orch") && str_is(run.only, "a b") && run.jobs == 3 &&
		      !run.ended,
	      "its facts");
	CHECK(oid_equal(run.integration, p.ref), "the integration moves with its rows");
	CHECK(store_find(store, &arena, 7, &run, &found, &fail) && !found,
	      "no such run is no failure");
	CHECK(store_event(store, 1, 5, &event, &fail), "an event");
	struct oid other = pretend_oid("other", p.ref, p.ref, 1);
	struct machine_memory *memory;
	struct machine_strand strand;
	CHECK(store_landed(store, 1, other, &fail) && store_end(store, 1, 99, true, &fail),
	      "landed and ended");
	store_close(store);
	store = must_open("j");
	CHECK(store_find(store, &arena, 1, &run, &found, &fail) && found && run.ended == 99 &&
		      run.succeeded && oid_equal(run.landed, other) &&
		      oid_equal(run.integration, p.ref),
	      "all of it comes back");
	CHECK(!store_memory(store, &arena, 1, p.schedule->agent_n + 1, &memory, &strand, &fail) &&
		      strstr(fail.text, "another plan"),
	      "a run of another plan is refused");
	size_t launched = 0, ended = 0, good = 0;
	CHECK(store_attempts(store, &arena, 1, &attempts, &n, &fail), "attempts are read");
	for (size_t i = 0; i < p.schedule->agent_n; i++)
		launched += p.agent[i].launched;
	for (size_t i = 0; i < n; i++) {
		ended += attempts[i].ended;
		good += attempts[i].reason == RECORD_NONE;
	}
	CHECK(n == launched && ended == n && good, "each launch is an attempt that has ended");
	CHECK(!store_append(store, 2, 1, NULL, 0, &fail) && strstr(fail.text, "no run 2"),
	      "a run that is not there");
	store_close(store);
	arena_release(&arena);
	remove_journal();
}

/* All that can be asked, as a text; "" when anything is refused. */
static void everything(const char *path, struct text *out, struct fail *fail)
{
	struct arena arena = { 0 };
	struct store *store = NULL;
	struct store_run *runs = NULL;
	size_t n = 0;
	text_clear(out);
	bool good = store_open_read(path, &store, fail) &&
		    store_runs(store, &arena, &runs, &n, fail);
	for (size_t i = 0; good && i < n; i++) {
		struct machine_memory *memory;
		struct machine_strand strand;
		struct store_attempt *attempts;
		size_t attempt_n, agents = 0;
		const struct schedule *s = schedules_make(&arena, 4, 12);
		agents = s->agent_n;
		text_addf(out, "%.*s %.*s %.*s %s %lld\n", STR_ARG(runs[i].plan),
			  STR_ARG(runs[i].source), STR_ARG(runs[i].only), runs[i].integration.hex,
			  (long long)runs[i].started);
		good = store_memory(store, &arena, runs[i].id, agents, &memory, &strand, fail) &&
		       store_attempts(store, &arena, runs[i].id, &attempts, &attempt_n, fail);
		for (size_t j = 0; good && j < agents; j++)
			text_addf(out, "%s %u %u %d %s %s %.*s\n",
				  memory[j].state ? memory[j].state : "", memory[j].attempt,
				  memory[j].failures, memory[j].reason, memory[j].start.hex,
				  memory[j].result.hex, STR_ARG(memory[j].message));
		if (good)
			text_addf(out, "%u %s %s %zu\n", strand.pc, strand.before.hex,
				  strand.integration.hex, attempt_n);
	}
	store_close(store);
	arena_release(&arena);
	if (!good)
		text_clear(out);
}

static void put(const char *path, struct str bytes)
{
	unlink(path);
	FILE *file = bytes.n ? fopen(path, "w") : NULL;
	if (bytes.n && (!file || fwrite(bytes.at, 1, bytes.n, file) != bytes.n || fclose(file)))
		abort();
}

struct damage {
	struct str db, wal, head, want;
	size_t refused, same, wrong;
	uint64_t random;
};

/* What is read of these files: what was written, or a refusal that says which file it is about. */
static void try_damaged(struct damage *d, struct str db, struct str wal, struct str head,
			const char *what, size_t at)
{
	struct text text = { 0 };
	struct fail fail = { "" };
	put("d", db);
	put("d-wal", wal);
	put("d-head", head);
	unlink("d-shm");
	everything("d", &text, &fail);
	if (str_equal(text_str(&text), d->want)) {
		d->same++;
	} else if (!text.n && strstr(fail.text, "d")) {
		d->refused++;
	} else {
		d->wrong++;
		printf("%s at %zu is not noticed: %.*s\n", what, at,
		       (int)(text.n < 300 ? text.n : 300), text.n ? text.at : "");
	}
	text_release(&text);
}

static struct str flipped(struct arena *arena, struct str bytes, size_t at, uint64_t random)
{
	struct str copy = arena_copy(arena, bytes);
	unsigned char *byte = (unsigned char *)copy.at + at;
	*byte ^= random % 2 ? 1u << (random >> 8) % 8 : (unsigned)(random >> 8) % 255 + 1;
	return copy;
}

static struct str pick(struct damage *d, int which)
{
	return which == 0 ? d->db : which == 1 ? d->wal : d->head;
}

static void damage_once(struct damage *d, int which, bool cut, size_t at)
{
	struct arena arena = { 0 };
	struct str files[3] = { d->db, d->wal, d->head };
	static const char *const names[] = { "the journal", "its log", "its head" };
	files[which] = cut ? str_slice(files[which], 0, at)
			   : flipped(&arena, files[which], at, test_random(&d->random));
	try_damaged(d, files[0], files[1], files[2], names[which], at);
	arena_release(&arena);
}

static void read_files(struct arena *arena, struct damage *d)
{
	struct fail fail;
	bool found;
	d->wal = (struct str){ "", 0 };
	if (!file_read(arena, "j", 1 << 28, &d->db, &fail) ||
	    !file_read_if(arena, "j-wal", 1 << 28, &d->wal, &found, &fail) ||
	    !file_read(arena, "j-head", 1 << 10, &d->head, &fail))
		abort();
	if (!found)
		d->wal = (struct str){ "", 0 };
}

static void damage_all(struct damage *d, int rounds)
{
	try_damaged(d, d->db, d->wal, d->head, "nothing", 0);
	CHECK(d->same == 1, "an undamaged copy is read");
	for (int which = 0; which < 3; which++) {
		size_t n = pick(d, which).n;
		for (int i = 0; n && i < rounds; i++) {
			damage_once(d, which, false, test_random(&d->random) % n);
			damage_once(d, which, true, test_random(&d->random) % n);
		}
		for (size_t at = 0; n && at < 100; at++)
			damage_once(d, which, false, at % n);
		for (size_t at = 0; at < n; at += 4096) { /* a sector that was never written */
			struct arena arena = { 0 };
			struct str copy = arena_copy(&arena, pick(d, which));
			memset((char *)copy.at + at, 0, n - at < 512 ? n - at : 512);
			try_damaged(d, which == 0 ? copy : d->db, which == 1 ? copy : d->wal,
				    which == 2 ? copy : d->head, "a zeroed sector", at);
			arena_release(&arena);
		}
	}
}

/* Cut at each length, and a byte changed at each place: for the sweep of that name, which sets how far
 * they are apart. */
static void damage_everywhere(struct damage *d)
{
	const char *every = getenv("DAMAGE_EVERY");
	long step = every ? atol(every) : 0;
	for (int which = 0; step > 0 && which < 3; which++)
		for (size_t at = 0; at < pick(d, which).n; at += (size_t)step) {
			damage_once(d, which, false, at);
			damage_once(d, which, true, at);
		}
}

static void test_damage(void)
{
	struct arena arena = { 0 };
	struct pretend p;
	struct fail fail;
	struct text want = { 0 };
	struct damage d = { .random = 77 };
	struct store *store = filled(&arena, &p, 4);
	everything("j", &want, &fail);
	d.want = text_str(&want);
	CHECK(d.want.n > 300, "there is something to lose");
	read_files(&arena, &d);
	CHECK(d.wal.n > 10000, "there is a log");
	damage_all(&d, 120);
	damage_everywhere(&d);
	store_close(store);
	read_files(&arena, &d);
	d.same = 0;
	CHECK(!d.wal.n && d.db.n > 10000, "after closing it is one file");
	damage_all(&d, 120);
	damage_everywhere(&d);
	printf("# %zu damaged: %zu refused, %zu read all that was written, %zu wrong\n",
	       d.refused + d.same + d.wrong, d.refused, d.same, d.wrong);
	CHECK(!d.wrong, "damage is refused, or does no harm");
	CHECK(d.refused > 200, "there was damage");
	/* Removing the head is how one says: go on from what is there. */
	d.same = 0;
	try_damaged(&d, d.db, d.wal, (struct str){ "", 0 }, "no head", 0);
	CHECK(d.same == 1, "without its head a whole journal is read");
	text_release(&want);
	arena_release(&arena);
	remove_journal();
}

/* A writer is killed by -9; what it acknowledged is there. */
static void append_for_ever(struct store *store, int64_t run, int told)
{
	struct fail fail;
	for (uint32_t i = 1;; i++) {
		struct world_row rows[2] = {
			{ .agent = 0, .pc = SCHEDULE_NONE, .attempt = i, .state = "running" },
			{ .agent = 0, .pc = 0, .op = OP_PREPARE, .attempt = i, .input = STR("x") }
		};
		if (!store_append(store, run, i, rows, 2, &fail) ||
		    write(told, &i, sizeof i) != sizeof i)
			_exit(1);
	}
}

static void kill_writer(const struct schedule *s, uint32_t after, bool *kept, bool *read_while)
{
	struct arena arena = { 0 };
	struct fail fail;
	int told[2];
	uint32_t seen = 0, number;
	if (pipe(told))
		abort();
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		struct store *store = must_open("j");
		append_for_ever(store, must_begin(store, s), told[1]);
	}
	close(told[1]);
	while (seen < after && read(told[0], &number, sizeof number) == sizeof number)
		seen = number;
	/* Somebody looks on while it writes. */
	struct store *store;
	struct machine_memory *memory;
	struct machine_strand strand;
	struct store_run run;
	bool found;
	*read_while &= store_open_read("j", &store, &fail) &&
		       store_find(store, &arena, 0, &run, &found, &fail) && found &&
		       store_memory(store, &arena, run.id, s->agent_n, &memory, &strand, &fail) &&
		       memory[0].attempt >= seen;
	store_close(store);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	while (read(told[0], &number, sizeof number) == sizeof number)
		seen = number;
	close(told[0]);
	store = must_open("j");
	*kept &= store_find(store, &arena, 0, &run, &found, &fail) && found &&
		 store_memory(store, &arena, run.id, s->agent_n, &memory, &strand, &fail) &&
		 memory[0].attempt >= seen;
	store_close(store);
	arena_release(&arena);
}

static void test_killed(void)
{
	struct arena arena = { 0 };
	bool kept = true, read_while = true;
	const struct schedule *s = NULL;
	for (uint64_t seed = 1; !s || !s->agent_n; seed++)
		s = schedules_make(&arena, seed, 5);
	for (uint32_t i = 0; i < 20; i++)
		kill_writer(s, 1 + i * 37 % 300, &kept, &read_while);
	CHECK(kept, "what a killed writer acknowledged is there");
	CHECK(read_while, "a reader sees it while it is written");
	arena_release(&arena);
	remove_journal();
}

/* The file system takes no more: a failure that says so, nothing acknowledged is lost, and nothing
 * is written afterwards. */
static void test_full(void)
{
	struct arena arena = { 0 };
	struct fail fail = { "" };
	const struct schedule *s = NULL;
	for (uint64_t seed = 1; !s || !s->agent_n; seed++)
		s = schedules_make(&arena, seed, 5);
	struct store *store = must_open("j");
	int64_t run = must_begin(store, s);
	struct rlimit limit, old;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	limit = (struct rlimit){ 400000, old.rlim_max };
	setrlimit(RLIMIT_FSIZE, &limit);
	uint32_t acknowledged = 0;
	struct world_row row = { .agent = 0, .pc = SCHEDULE_NONE, .state = "running" };
	while (row.attempt = acknowledged + 1, store_append(store, run, 1, &row, 1, &fail))
		acknowledged++;
	setrlimit(RLIMIT_FSIZE, &old);
	CHECK(acknowledged > 10 && strstr(fail.text, " j: ") && strstr(fail.text, "resume"),
	      "a full disk is a failure with a remedy");
	CHECK(!store_append(store, run, 1, &row, 1, &fail) &&
		      strstr(fail.text, "earlier write failed"),
	      "nothing is written after it");
	store_close(store);
	struct machine_memory *memory;
	struct machine_strand strand;
	store = must_open("j");
	CHECK(store_memory(store, &arena, run, s->agent_n, &memory, &strand, &fail) &&
		      memory[0].attempt == acknowledged,
	      "all that was acknowledged is there, and nothing more");
	store_close(store);
	arena_release(&arena);
	remove_journal();
}

static void test_refused(void)
{
	struct store *store;
	struct fail fail = { "" };
	CHECK(!store_open_read("j", &store, &fail) && !store && strstr(fail.text, "there is no j"),
	      "nothing to read");
	CHECK(!file_there("j"), "reading makes nothing");
	CHECK(!store_open("none/j", &store, &fail) && strstr(fail.text, "none/j"), "no folder");
	scratch_put("j", "this is not a journal, and it is long enough to be looked at as one");
	CHECK(!store_open("j", &store, &fail) && strstr(fail.text, "j is damaged"),
	      "some other file");
	remove_journal();
	store_close(must_open("j"));
	struct arena arena = { 0 };
	struct str bytes;
	if (!file_read(&arena, "j", 1 << 24, &bytes, &fail))
		abort();
	struct str copy = arena_copy(&arena, bytes);
	((char *)copy.at)[63] = 2;	/* the last byte of user_version, which is big-endian */
	put("j", copy);
	CHECK(!store_open("j", &store, &fail) && strstr(fail.text, "newer orch"), "a newer format");
	copy = arena_copy(&arena, bytes);
	((char *)copy.at)[71] ^= 1;	/* application_id */
	put("j", copy);
	CHECK(!store_open("j", &store, &fail) && strstr(fail.text, "not made by orch"),
	      "somebody else's");
	arena_release(&arena);
	remove_journal();
}

int main(void)
{
	if (!scratch_begin("store"))
		return 1;
	test_refused();
	test_first_number();
	test_runs();
	test_facts();
	test_damage();
	test_killed();
	test_full();
	scratch_end();
	return test_end();
}
