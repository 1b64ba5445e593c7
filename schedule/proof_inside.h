/* proof_inside.h — for proof.c only: all patterns of all agents as one trie.
 *
 * An edge is a segment of patterns: a name, a name with wildcards (equal when written equally), or
 * `**`. Nodes are numbered in preorder, so that what is under a node is a range of numbers. Where
 * an alternative of a pattern ends, its owner stands in the node's group for that kind of end;
 * owners are in a topological order of the agents, and named by their place in it. */
#ifndef SCHEDULE_PROOF_INSIDE_H
#define SCHEDULE_PROOF_INSIDE_H

#include "common/glob.h"
#include "schedule/proof.h"

struct proof_owner {
	uint32_t place;	/* of the agent in the topological order */
	uint32_t pattern;	/* index into its patterns */
};
struct proof_group {
	uint32_t node, end;	/* end: GLOB_EXACT, GLOB_BARE or GLOB_BELOW */
	const struct proof_owner *at;	/* by place */
	size_t n;
};
struct proof_node {
	const struct glob_segment *segment;	/* that leads here; NULL for the root, node 0 */
	uint32_t past;	/* the nodes under this one are those between it and `past` */
	uint32_t any;	/* the child by `**`, or 0 */
	uint32_t kids, name_n, wild_n;	/* other children: kid[kids] …, names sorted, then wildcards by their heads */
	uint32_t group;	/* index of the first group of this or a later node */
};
struct proof_trie {
	struct proof_node *node;	/* one more than node_n, for its `group` */
	uint32_t node_n;
	const uint32_t *kid;
	const struct proof_group *group;	/* by node, then end; none is empty */
	uint32_t group_n;
};

/* All in the arena, but for the texts, which are borrowed. False when a pattern is not well
 * formed. */
bool proof_trie_make(struct arena *, const struct proof_agent *, const uint32_t *order, size_t agent_n,
		     struct proof_trie *, struct fail *);

#endif
