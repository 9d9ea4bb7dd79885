/*
 * Operations of both ends at once. What the i-th operation of an end is follows from its seed and i alone, so that the other
 * end knows what to expect; io.verbena.examples.siw.MixedOperations does the same. An end Writes and Reads in the other's
 * arena and remembers what must be there; a Send is compared by who receives it.
 */
#include "orders.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WINDOW = 16, PLACE_OCTETS = SLOT_OCTETS + 2 * GUARD, QUIET_SECONDS = 10 };
enum operation { WRITES, READS, SENDS_IT };

struct step {
	enum operation operation;
	enum send_kind kind;
	uint32_t slot, octets, offset; /* in the slot of the other end's arena */
};

struct mixing {
	struct connection *c;
	const struct order *order;
	struct step under_way[WINDOW];
	int busy[WINDOW], reading[SLOTS], used;
	uint8_t *shadow;
	uint32_t victims[VICTIMS], victim, next, wrong;
	uint32_t expected, received; /* numbers of operations of the other end: what was looked at, and what has come */
};

static uint32_t mixed(uint32_t seed, uint32_t i)
{
	uint32_t x = seed * 0x9E3779B9u + i * 0x85EBCA6Bu;

	x ^= x >> 15;
	x *= 0x2C1B3C6Du;
	x ^= x >> 12;
	x *= 0x297A2D39u;
	return x ^ x >> 15;
}

static struct step step_of(uint32_t seed, uint32_t i)
{
	static const uint32_t sizes[] = { 0, 1, 3, 31, 1457, 4095 };
	static const enum send_kind kinds[] = { SOLICITED, INVALIDATING, SOLICITED_INVALIDATING };
	uint32_t what = mixed(seed, i), where = mixed(seed + 1000003, i), way = what % 10, length = what / 10 % 10;
	struct step step = { way < 3 ? WRITES : way < 6 ? READS : SENDS_IT, PLAIN, where % SLOTS, 0, 0 };

	step.octets = length < 6 ? sizes[length] : where / SLOTS % (SLOT_OCTETS + 1);
	step.offset = mixed(seed + 2000003, i) % (SLOT_OCTETS - step.octets + 1);
	if (what / 100 % 8 < 3) step.kind = kinds[what / 100 % 8];
	return step;
}

/* Steps that name an STag of the other end, once there is none left, become ones that do not. */
static int invalidates(const struct step *step)
{
	return step->operation == SENDS_IT && (step->kind == INVALIDATING || step->kind == SOLICITED_INVALIDATING);
}

static int post_next(struct mixing *m)
{
	struct connection *c = m->c;
	struct step step = step_of(m->order->seed, m->next);
	struct ibv_send_wr wr = { .opcode = step.operation == READS ? IBV_WR_RDMA_READ : IBV_WR_RDMA_WRITE };
	int place = 0;

	while (place < WINDOW && m->busy[place]) place++;
	/* A Write may overtake the Reads before it at the other end, so it waits for those of its slot. */
	if (place == WINDOW || (step.operation == WRITES && m->reading[step.slot])) return 0;
	uint8_t *octets = (step.operation == READS ? c->sink : c->source) + place * PLACE_OCTETS + GUARD + place % 4;

	if (step.operation == SENDS_IT) {
		enum send_kind kind = step.kind;

		if (invalidates(&step) && m->victim == VICTIMS) kind = PLAIN;
		as_send(&wr, kind, m->victims[invalidates(&step) && kind != PLAIN ? m->victim++ : 0]);
		fill(octets, step.octets, m->next);
	} else {
		wr.wr.rdma.rkey = m->order->stag;
		wr.wr.rdma.remote_addr = m->order->address + ARENA_HEAD + step.slot * SLOT_OCTETS + step.offset;
		if (step.operation == READS) {
			memset(octets - GUARD, UNTOUCHED, step.octets + 2 * GUARD);
			m->reading[step.slot]++;
		} else {
			fill(octets, step.octets, m->next);
			memcpy(m->shadow + step.slot * SLOT_OCTETS + step.offset, octets, step.octets);
		}
	}
	wr.wr_id = place;
	m->under_way[place] = step;
	m->busy[place] = 1;
	m->next++;
	m->used++;
	return post(c, &wr, octets, step.octets, step.operation == READS ? c->sink_mr : c->source_mr) ? 1 : -1;
}

static void completed(struct mixing *m, int place)
{
	struct step *step = &m->under_way[place];

	if (step->operation == READS) {
		uint8_t *octets = m->c->sink + place * PLACE_OCTETS + GUARD + place % 4;

		if (memcmp(octets, m->shadow + step->slot * SLOT_OCTETS + step->offset, step->octets)) m->wrong++;
		for (int i = 0; i < GUARD; i++)
			m->wrong += octets[i - GUARD] != UNTOUCHED || octets[step->octets + i] != UNTOUCHED;
		m->reading[step->slot]--;
	}
	m->busy[place] = 0;
	m->used--;
}

/* Moves on to the next operation of the other end that is a Send. */
static void expect_next(struct mixing *m)
{
	while (m->expected < m->order->count && step_of(m->order->seed + 1, m->expected).operation != SENDS_IT) m->expected++;
}

static void arrived(struct mixing *m, const struct ibv_wc *wc)
{
	struct step step = step_of(m->order->seed + 1, m->expected);
	uint8_t *octets = place_of(m->c, wc->wr_id);

	if (m->expected == m->order->count || wc->byte_len != step.octets) m->wrong++;
	else m->wrong += differences(octets, wc->byte_len, m->expected);
	for (int i = 0; i < GUARD; i++) m->wrong += octets[wc->byte_len + i] != UNTOUCHED;
	m->received++;
	m->expected++;
	expect_next(m);
}

/* One round: what has completed, what has come, what can be begun; -1 at the first failure. */
static int turn(struct mixing *m)
{
	struct ibv_wc wc;
	int done = 0, posted;

	while (ibv_poll_cq(m->c->id->send_cq, 1, &wc) == 1) {
		if (wc.status != IBV_WC_SUCCESS) { tell("mix, own operation", words(wc.status)); return -1; }
		completed(m, wc.wr_id);
		done = 1;
	}
	while (m->expected < m->order->count && ibv_poll_cq(m->c->id->recv_cq, 1, &wc) == 1) {
		if (wc.status != IBV_WC_SUCCESS) { tell("mix, receive", words(wc.status)); return -1; }
		arrived(m, &wc);
		done = 1;
	}
	while (m->next < m->order->count && (posted = post_next(m))) {
		if (posted < 0) return -1;
		done = 1;
	}
	return done;
}

/* Waits for nothing but this: messages that come meanwhile are looked at later. */
static int read_now(struct mixing *m, uint8_t *sink, uint64_t from, uint32_t octets)
{
	struct ibv_send_wr wr = { .opcode = IBV_WR_RDMA_READ, .wr.rdma = { m->order->address + from, m->order->stag } };
	time_t deadline = time(NULL) + QUIET_SECONDS;
	struct ibv_wc wc;

	if (!post(m->c, &wr, sink, octets, m->c->sink_mr)) return 0;
	while (ibv_poll_cq(m->c->id->send_cq, 1, &wc) != 1) {
		if (time(NULL) > deadline) { tell("mix, read", "did not complete"); return 0; }
		usleep(POLL_MICROSECONDS);
	}
	if (wc.status != IBV_WC_SUCCESS) tell("mix, read", words(wc.status));
	return wc.status == IBV_WC_SUCCESS;
}

uint32_t mix(struct connection *c, const struct order *order)
{
	struct mixing m = { .c = c, .order = order };
	const uint32_t arena = SLOTS * SLOT_OCTETS;
	time_t deadline = time(NULL) + QUIET_SECONDS;
	const char *event;
	int turned;

	if (!read_now(&m, c->sink, 0, ARENA_HEAD)) return UINT32_MAX;
	for (int i = 0; i < VICTIMS; i++) m.victims[i] = ntohl(((uint32_t *)c->sink)[i]);
	m.shadow = memory(arena);
	fill(m.shadow, arena, order->seed);
	expect_next(&m);
	while (m.next < order->count || m.used || m.expected < order->count) {
		if ((turned = turn(&m)) < 0) return UINT32_MAX;
		if (turned) { deadline = time(NULL) + QUIET_SECONDS; continue; }
		if ((event = event_seen(c->id)) || time(NULL) > deadline) {
			tell("mix", event ? event : "came to no end");
			printf("mix: begun %u, under way %d, received %u, expecting %u\n", m.next, m.used, m.received, m.expected);
			return UINT32_MAX;
		}
		usleep(POLL_MICROSECONDS);
	}
	if (!read_now(&m, c->sink, ARENA_HEAD, arena)) return UINT32_MAX;
	m.wrong += memcmp(c->sink, m.shadow, arena) != 0;
	free(m.shadow);
	return m.wrong;
}
