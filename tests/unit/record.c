/* record.c — records come back as they were; any damage is refused or gives a whole record. */
#include "runtime/record.h"

#include "tests/unit/scratch.h"
#include "tests/unit/test.h"

static uint64_t random_state = 5;

static struct str random_text(struct arena *arena)
{
	static const char *const part[] = { "word ", "\n",       "\"", "\\", "é",
					    "🙂",  "\x1b[31m", "{",  "0" };
	struct str s = { "", 0 };
	for (uint64_t n = test_random(&random_state) % 5; n--;)
		s = arena_format(arena, "%.*s%s", STR_ARG(s),
				 part[test_random(&random_state) % (sizeof part / sizeof *part)]);
	return s;
}

static struct oid random_oid(bool none)
{
	struct oid oid = { "" };
	for (int i = 0; i < 40 && !none; i++)
		oid.hex[i] = "0123456789abcdef"[test_random(&random_state) % 16];
	return oid;
}

static struct record random_record(struct arena *arena)
{
	struct record r = { (uint32_t)test_random(&random_state),
			    1 + (uint32_t)(test_random(&random_state) % 9) };
	r.reason = test_random(&random_state) % 2
			   ? RECORD_NONE
			   : test_random(&random_state) % RECORD_REASON_COUNT;
	r.message = random_text(arena);
	r.sandbox = random_text(arena);
	r.start = random_oid(false);
	r.commit = random_oid(r.reason != RECORD_NONE);
	r.stray = random_oid(test_random(&random_state) % 2);
	r.exit_status = (int)(test_random(&random_state) % 4) - 1;
	r.signal = (int)(test_random(&random_state) % 64);
	r.added = (uint32_t)test_random(&random_state);
	r.ms = test_random(&random_state) >> 1;
	r.findings = (struct str_list){ ARENA_MANY(arena, 3, struct str),
					test_random(&random_state) % 4 };
	for (size_t i = 0; i < r.findings.n; i++)
		r.findings.at[i] = random_text(arena);
	r.output = random_text(arena);
	r.session = random_text(arena);
	r.reset_at = test_random(&random_state) >> 1;
	r.input = test_random(&random_state) >> 1;
	r.cost = test_random(&random_state) >> 1;
	r.actions = (uint32_t)test_random(&random_state);
	r.said = random_text(arena);
	r.denied = (struct str_list){ ARENA_MANY(arena, 2, struct str),
				      test_random(&random_state) % 3 };
	for (size_t i = 0; i < r.denied.n; i++)
		r.denied.at[i] = random_text(arena);
	r.step_n = test_random(&random_state) % 4;
	r.step = ARENA_MANY(arena, r.step_n, struct record_step);
	for (size_t i = 0; i < r.step_n; i++)
		r.step[i] = (struct record_step){ test_random(&random_state) % OP_COUNT,
						  (uint32_t)i, random_text(arena),
						  random_text(arena),
						  test_random(&random_state) % 1000 };
	return r;
}

static bool same_step(const struct record_step *a, const struct record_step *b)
{
	return a->op == b->op && a->pc == b->pc && str_equal(a->input, b->input) &&
	       str_equal(a->output, b->output) && a->ms == b->ms;
}

static bool same(const struct record *a, const struct record *b)
{
	bool is = a->agent == b->agent && a->attempt == b->attempt && a->reason == b->reason &&
		  str_equal(a->message, b->message) && str_equal(a->sandbox, b->sandbox) &&
		  oid_equal(a->start, b->start) && oid_equal(a->commit, b->commit) &&
		  oid_equal(a->stray, b->stray) && a->exit_status == b->exit_status &&
		  a->signal == b->signal && a->added == b->added && a->changed == b->changed &&
		  a->deleted == b->deleted && a->findings.n == b->findings.n &&
		  str_equal(a->output, b->output) && a->step_n == b->step_n && a->ms == b->ms &&
		  str_equal(a->session, b->session) && a->reset_at == b->reset_at &&
		  a->input == b->input && a->cost == b->cost && a->actions == b->actions &&
		  str_equal(a->said, b->said) && a->denied.n == b->denied.n;
	for (size_t i = 0; is && i < a->denied.n; i++)
		is = str_equal(a->denied.at[i], b->denied.at[i]);
	for (size_t i = 0; is && i < a->findings.n; i++)
		is = str_equal(a->findings.at[i], b->findings.at[i]);
	for (size_t i = 0; is && i < a->step_n; i++)
		is = same_step(&a->step[i], &b->step[i]);
	return is;
}

static void put(struct str bytes)
{
	FILE *file = fopen("r.json", "w");
	if (!file || fwrite(bytes.at, 1, bytes.n, file) != bytes.n || fclose(file))
		abort();
}

static void test_round_trip(struct arena *arena)
{
	bool fine = true;
	for (int i = 0; i < 500; i++) {
		struct record was = random_record(arena), is;
		struct fail fail = { "" };
		bool found = false;
		fine &= record_write("r.json", &was, &fail) &&
			record_read(arena, "r.json", &is, &found, &fail) && found &&
			same(&was, &is);
	}
	CHECK(fine, "a record comes back as it was");
}

/* Cut, flipped or mixed up: a whole record or a failure that names the file. */
static void test_damage(struct arena *arena)
{
	struct record was = random_record(arena), is;
	struct fail fail;
	struct str bytes;
	bool found, named = true, cut = true;
	size_t refused = 0;
	was.findings.n = 2;
	was.findings.at[0] = was.findings.at[1] = STR("finding");
	CHECK(record_write("r.json", &was, &fail) &&
		      file_read(arena, "r.json", 1 << 20, &bytes, &fail),
	      "written");
	for (size_t n = 0; n + 1 < bytes.n; n++) {
		put(str_slice(bytes, 0, n));
		cut &= !record_read(arena, "r.json", &is, &found, &fail) &&
		       strstr(fail.text, "r.json");
	}
	CHECK(cut, "a cut record is refused");
	for (int i = 0; i < 4000; i++) {
		struct arena_mark mark = arena_mark(arena);
		struct str copy = arena_copy(arena, bytes);
		((char *)copy.at)[test_random(&random_state) % copy.n] =
			(char)test_random(&random_state);
		if (i % 2)
			((char *)copy.at)[test_random(&random_state) % copy.n] =
				"{}[],:\"0"[test_random(&random_state) % 8];
		put(copy);
		if (!record_read(arena, "r.json", &is, &found, &fail)) {
			refused++;
			named &= strstr(fail.text, "r.json") != NULL;
		} else {
			named &= is.attempt && oid_none(is.commit) == (is.reason != RECORD_NONE);
		}
		arena_reset(arena, mark);
	}
	CHECK(named && refused > 100, "a flipped one is refused, or whole");
}

static void test_odd(struct arena *arena)
{
	struct record is;
	struct fail fail;
	bool found = true;
	CHECK(record_read(arena, "none.json", &is, &found, &fail) && !found,
	      "no file is no failure");
	put(STR("{\"record\":3}"));
	CHECK(!record_read(arena, "r.json", &is, &found, &fail) && strstr(fail.text, "newer orch"),
	      "a newer version");
	put(STR("{\"record\":1,\"agent\":4294967296}"));
	CHECK(!record_read(arena, "r.json", &is, &found, &fail) && strstr(fail.text, "`agent`"),
	      "a number too large");
	CHECK(!record_write("none/r.json", &is, &fail) && strstr(fail.text, "none/r.json"),
	      "no folder: named");
	for (unsigned i = 0; i < RECORD_REASON_COUNT; i++)
		CHECK(record_reason_name(i) && *record_reason_meaning(i),
		      "a reason has a name and a meaning");
	CHECK(record_reason_again(RECORD_TEST) && !record_reason_again(RECORD_STOPPED),
	      "what may be tried again");
}

int main(void)
{
	struct arena arena = { 0 };
	if (!scratch_begin("record"))
		return 1;
	test_round_trip(&arena);
	test_damage(&arena);
	test_odd(&arena);
	scratch_end();
	arena_release(&arena);
	return test_end();
}
