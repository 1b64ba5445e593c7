/* notice.c — see notice.h. */
#include "grammar/notice.h"

#include "grammar/flaw.h"
#include "grammar/mistake.h"
#include "parser.h"

static unsigned kind_of(const struct feed *feed, uint32_t token)
{
	return feed_token(feed, token)->kind;
}

/* Of a statement with a mistake, more of what may be the same one. */
static bool follows(const struct feed *feed, const struct flaw *flaw)
{
	unsigned kind = kind_of(feed, flaw->token);
	return feed->said && !feed->at_start && kind != TRIVIA_COMMENT && kind != TRIVIA_CONFLICT &&
	       flaw_misleads(flaw->kind) && !flaw_is_quotes(flaw->kind);
}

/* What the other side of a conflict says is not known, so something is missing here. */
static void mark_conflict(struct feed *feed, uint32_t token)
{
	if (!feed->at_start || feed->last == TOKEN_SLASHDASH || !feed_would(feed, TOKEN_BROKEN)) {
		feed->build.spoiled = true;
		return;
	}
	feed->build.broken = build_leaf(&feed->build, NODE_BROKEN, token, token);
	feed_take(feed, TOKEN_BROKEN, token);
	feed_line_end(feed);
}

void notice_flaws(struct feed *feed, uint32_t token)
{
	for (; feed->flaw < feed->flaws.list.n; feed->flaw++) {
		const struct flaw *flaw = &feed->flaws.list.at[feed->flaw];
		if (flaw->token > token)
			return;
		if (!follows(feed, flaw))
			mistake_flaw(feed, flaw);
		if (flaw->kind == FLAW_CONFLICT && kind_of(feed, flaw->token) == TRIVIA_CONFLICT)
			mark_conflict(feed, flaw->token);
		if (!lexer_is_trivia(kind_of(feed, token)))
			feed->build.spoiled = true;
		if (!feed->at_start && flaw_misleads(flaw->kind))
			feed->said = true;
	}
}

void notice_passed(struct feed *feed, uint32_t token)
{
	for (; feed->flaw < feed->flaws.list.n; feed->flaw++) {
		const struct flaw *flaw = &feed->flaws.list.at[feed->flaw];
		if (flaw->token > token)
			return;
		unsigned kind = kind_of(feed, flaw->token);
		if (kind == TRIVIA_COMMENT || kind == TRIVIA_CONFLICT)
			mistake_flaw(feed, flaw);
	}
}
