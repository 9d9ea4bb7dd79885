/*
 * order-peer: the other end of interop/memory-with-siw and interop/operations-with-siw. One connection, on which it does what
 * messages tell it: Writes, Reads, Sends of every kind, exposes memory of its own, ends the connection, or takes the initiative
 * itself; it answers each message with one, and prints what it saw.
 *
 *   order-peer serve PORT [OPTION...]
 *   order-peer connect ADDRESS PORT [OPTION...]
 *
 *   receives=NUMBER, octets=NUMBER   messages it can take at once, and how long each may be: 4, 256
 *   ird=NUMBER, ord=NUMBER           Read depths that it asks for: 16, 16
 *   private=NUMBER                   octets of private data that it connects or accepts with: 0
 *   reject=NUMBER                    rejects with so many octets of private data, instead of accepting
 *   greet=NUMBER                     whether it sends the first message, an answer nobody asked for. Whoever connects has to
 *                                    speak first (RFC 5044 section 7.1.2): 1 when it connects, 0 when it serves
 *
 * Numbers in messages are in network byte order; orders.h has their layout.
 */
#include "orders.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char USAGE[] = "order-peer serve PORT [OPTION...] | order-peer connect ADDRESS PORT [OPTION...]";

enum { CONNECT_SECONDS = 60, PATIENCE_MILLISECONDS = 15000, LOST_MILLISECONDS = 700 };

struct options {
	uint32_t receives, octets, ird, ord, private_octets, reject_octets, rejecting, greeting;
};

void tell(const char *what, const char *result) { printf("%s: %s\n", what, result); }

const char *words(enum ibv_wc_status status)
{
	return status == IBV_WC_WR_FLUSH_ERR ? "flushed" : ibv_wc_status_str(status);
}

uint8_t pattern(uint32_t seed, uint32_t i) { return seed * 131 + i * 7 + (i >> 8) * 13; }

void fill(uint8_t *octets, uint32_t length, uint32_t seed)
{
	for (uint32_t i = 0; i < length; i++) octets[i] = pattern(seed, i);
}

uint32_t differences(const volatile uint8_t *octets, uint32_t length, uint32_t seed)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < length; i++) count += octets[i] != pattern(seed, i);
	return count;
}

/* Octets from one place to another that are not what nobody should have changed. */
static uint32_t changed(const volatile uint8_t *from, const volatile uint8_t *to)
{
	uint32_t count = 0;

	while (from < to) count += *from++ != UNTOUCHED;
	return count;
}

/* --- waiting ------------------------------------------------------------------------------------------------------- */

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static void patience(struct connection *c)
{
	if (!c->ending) c->deadline = milliseconds() + PATIENCE_MILLISECONDS;
}

/* siw does not flush everything when a connection ends, so from its end on we wait for a little only. */
static void end_begins(struct connection *c, const char *what, const char *result)
{
	tell(what, result);
	if (!c->ending) c->deadline = milliseconds() + LOST_MILLISECONDS;
	c->ending = 1;
}

static int arrived(struct ibv_cq *cq, struct ibv_wc *wc)
{
	int n = ibv_poll_cq(cq, 1, wc);

	if (n < 0) die("ibv_poll_cq");
	return n;
}

/* Looks for the end of the connection; false when there is nothing to wait for any more. */
static int goes_on(struct connection *c)
{
	const char *event = event_seen(c->id);

	if (event) {
		end_begins(c, "event", event);
		c->disconnected = 1;
	}
	if (milliseconds() > c->deadline) return 0;
	usleep(POLL_MICROSECONDS);
	return 1;
}

int complete_receive(struct connection *c, struct ibv_wc *wc)
{
	patience(c);
	while (!c->flushed && !arrived(c->id->recv_cq, wc))
		if (!goes_on(c)) {
			tell("receive", "did not complete");
			return 0;
		}
	if (c->flushed) return 0;
	if (wc->status == IBV_WC_SUCCESS) return 1;
	end_begins(c, "receive", words(wc->status));
	return 0;
}

/* How requests ended: the same ends one after another are one word with a number. */
struct outcome {
	enum ibv_wc_status status;
	uint32_t number;
};

static void tell_outcome(const char *what, uint32_t of, const struct outcome *outcome)
{
	if (!outcome->number) return;
	if (of == 1) printf("%s: %s\n", what, words(outcome->status));
	else printf("%s: %u %s\n", what, outcome->number, words(outcome->status));
}

int complete_sends(struct connection *c, const char *what, uint32_t count)
{
	struct outcome outcome = { IBV_WC_SUCCESS, 0 };
	int good = 1;
	struct ibv_wc wc;

	patience(c);
	for (uint32_t done = 0; done < count; done++) {
		while (!arrived(c->id->send_cq, &wc)) {
			/* Orders come one by one: what a receive says now is that the connection has ended. */
			if (!c->flushed && arrived(c->id->recv_cq, &wc) && wc.status != IBV_WC_SUCCESS) {
				end_begins(c, "receive", words(wc.status));
				c->flushed = 1;
			}
			if (goes_on(c)) continue;
			tell_outcome(what, count, &outcome);
			printf("%s: %u did not complete\n", what, count - done);
			return 0;
		}
		if (wc.status != outcome.status) tell_outcome(what, count, &outcome), outcome.number = 0;
		outcome.status = wc.status;
		outcome.number++;
		good &= wc.status == IBV_WC_SUCCESS;
	}
	tell_outcome(what, count, &outcome);
	return good;
}

/* --- requests ------------------------------------------------------------------------------------------------------ */

int post(struct connection *c, struct ibv_send_wr *wr, uint8_t *from, uint32_t length, struct ibv_mr *mr)
{
	struct ibv_sge sge = { (uintptr_t)from, length, mr->lkey };
	struct ibv_send_wr *bad;
	int failed;

	wr->sg_list = &sge;
	wr->num_sge = 1;
	wr->send_flags |= IBV_SEND_SIGNALED;
	if ((failed = ibv_post_send(c->id->qp, wr, &bad))) tell("post", strerror(failed));
	return !failed;
}

void as_send(struct ibv_send_wr *wr, enum send_kind kind, uint32_t stag)
{
	memset(wr, 0, sizeof *wr);
	wr->opcode = kind == INVALIDATING || kind == SOLICITED_INVALIDATING ? IBV_WR_SEND_WITH_INV : IBV_WR_SEND;
	wr->send_flags = kind == SOLICITED || kind == SOLICITED_INVALIDATING ? IBV_SEND_SOLICITED : 0;
	/* siw's provider takes the STag from where that of a Write stands. */
	if (wr->opcode == IBV_WR_SEND_WITH_INV) wr->invalidate_rkey = wr->wr.rdma.rkey = stag;
}

static int answer(struct connection *c, const struct answer *a, enum send_kind kind, uint32_t stag)
{
	struct ibv_send_wr wr;

	as_send(&wr, kind, stag);
	memcpy(c->answer, a, sizeof *a);
	return post(c, &wr, c->answer, sizeof *a, c->answer_mr) && complete_sends(c, "answer", 1);
}

/* Memory to use for an order: all of it, or too little of it. */
static struct ibv_mr *lent(struct connection *c, const struct order *o, uint8_t *octets, struct ibv_mr *all)
{
	return o->rights & SHORT_OF_MEMORY ? registered(c->id->pd, octets, GUARD, IBV_ACCESS_LOCAL_WRITE) : all;
}

static int use(struct connection *c, const struct order *o, struct answer *a)
{
	struct ibv_mr *source_mr = lent(c, o, c->source, c->source_mr), *sink_mr = lent(c, o, c->sink, c->sink_mr);
	struct ibv_send_wr wr = { .opcode = IBV_WR_RDMA_WRITE };
	uint32_t reads = o->read_octets || o->count ? o->count ? o->count : 1 : 0, wrong = 0;
	uint64_t stride = o->read_octets + GUARD;

	wr.wr.rdma.rkey = o->stag;
	wr.wr.rdma.remote_addr = o->address;
	if (o->offset + (uint64_t)o->write_octets > MOST_OCTETS || o->offset + reads * stride + GUARD > MOST_OCTETS) {
		tell("order", "too long");
		return 0;
	}
	if (o->write_octets || !reads) {
		fill(c->source + o->offset, o->write_octets, o->seed);
		if (!post(c, &wr, c->source + o->offset, o->write_octets, source_mr) || !complete_sends(c, "write", 1)) return 0;
	}
	if (reads) {
		uint8_t *sink = c->sink + o->offset;

		memset(c->sink, UNTOUCHED, o->offset + reads * stride + GUARD);
		wr.opcode = IBV_WR_RDMA_READ;
		wr.wr.rdma.remote_addr += o->write_octets;
		for (uint32_t i = 0; i < reads; i++)
			if (!post(c, &wr, sink + i * stride, o->read_octets, sink_mr)) return 0;
		if (!complete_sends(c, "read", reads)) return 0;
		wrong = changed(c->sink, sink);
		for (uint32_t i = 0; i < reads; i++) {
			uint8_t *end = sink + i * stride + o->read_octets;

			wrong += differences(end - o->read_octets, o->read_octets, o->seed + 1) + changed(end, end + GUARD);
		}
	}
	a->differences = htonl(wrong);
	return answer(c, a, o->kind_of_send, o->stag);
}

static int expose(struct connection *c, const struct order *o, struct answer *a)
{
	if (o->write_octets > MOST_OCTETS) { tell("order", "too long"); return 0; }
	if (c->exposed_mr) ibv_dereg_mr(c->exposed_mr);
	fill(c->exposed, o->write_octets, o->seed);
	c->exposed_mr = registered(o->rights & FOREIGN ? c->foreign : c->id->pd, c->exposed, o->write_octets,
				   IBV_ACCESS_LOCAL_WRITE | (o->rights & MAY_WRITE ? IBV_ACCESS_REMOTE_WRITE : 0) |
				   (o->rights & MAY_READ ? IBV_ACCESS_REMOTE_READ : 0));
	for (uint32_t i = 0; o->rights & VICTIMISED && i < VICTIMS; i++) {
		c->victim_mr[i] = registered(c->id->pd, c->source, GUARD, IBV_ACCESS_LOCAL_WRITE | IBV_ACCESS_REMOTE_WRITE);
		((uint32_t *)c->exposed)[i] = htonl(c->victim_mr[i]->rkey);
	}
	c->exposed_octets = o->write_octets;
	c->background = o->seed;
	a->stag = htonl(c->exposed_mr->rkey);
	a->address = htobe64((uintptr_t)c->exposed);
	return answer(c, a, o->kind_of_send, o->stag);
}

/* Compares a part with its pattern and the rest with what it was exposed with, and gives it that back. */
static uint32_t compare(struct connection *c, const struct order *o)
{
	uint32_t wrong = 0, end = o->offset + o->write_octets;

	if (end > c->exposed_octets) return UINT32_MAX;
	wrong += differences(c->exposed + o->offset, o->write_octets, o->seed);
	for (uint32_t i = 0; i < c->exposed_octets; i++) {
		uint8_t expected = pattern(c->background, i);

		if (i < o->offset || i >= end) wrong += c->exposed[i] != expected;
		c->exposed[i] = expected;
	}
	return wrong;
}

/* The next message is compared; the octets behind it in its receive, too. */
static int take(struct connection *c, const struct order *o, struct answer *a)
{
	struct ibv_wc wc;
	uint8_t *octets;

	if (!complete_receive(c, &wc)) return 0;
	octets = place_of(c, wc.wr_id);
	if (wc.byte_len != o->write_octets) a->differences = htonl(UINT32_MAX);
	else a->differences = htonl(differences(octets, wc.byte_len, o->seed) +
				    changed(octets + wc.byte_len, octets + c->octets + GUARD));
	snprintf(a->text, sizeof a->text, "%u octets%s", wc.byte_len, wc.opcode == IBV_WC_RECV ? "" : ", not a receive");
	receive(c, wc.wr_id);
	return answer(c, a, PLAIN, 0);
}

/* A Send of a pattern, and then the answer. */
static int give(struct connection *c, const struct order *o, struct answer *a)
{
	struct ibv_send_wr wr;

	if (o->offset + (uint64_t)o->write_octets > MOST_OCTETS) { tell("order", "too long"); return 0; }
	fill(c->source + o->offset, o->write_octets, o->seed);
	as_send(&wr, o->kind_of_send, o->stag);
	return post(c, &wr, c->source + o->offset, o->write_octets, c->source_mr) && complete_sends(c, "send", 1) &&
	       answer(c, a, PLAIN, 0);
}

/* Begins so many Writes and Reads, and ends the connection at once, in one way or another. */
static int end(struct connection *c, const struct order *o)
{
	struct ibv_send_wr wr = { .wr.rdma = { o->address, o->stag } };
	struct ibv_qp_attr error = { .qp_state = IBV_QPS_ERR };
	uint32_t posted = 0;

	for (uint32_t i = 0; i < o->count; i++) {
		wr.opcode = i % 2 ? IBV_WR_RDMA_READ : IBV_WR_RDMA_WRITE;
		posted += post(c, &wr, i % 2 ? c->sink : c->source, o->write_octets, i % 2 ? c->sink_mr : c->source_mr);
	}
	switch (o->way) {
	case DISCONNECT:
		cut_short_after(HANDSHAKE_SECONDS);
		tell("disconnect", rdma_disconnect(c->id) ? strerror(errno) : "done");
		cut_short_after(0);
		c->disconnected = 1;
		break;
	case BREAK:
		if (ibv_modify_qp(c->id->qp, &error, IBV_QP_STATE)) die("ibv_modify_qp");
		tell("break", "done");
		break;
	case EXIT:
		tell("exit", "now");
		_exit(0);
	}
	complete_sends(c, "operations", posted);
	return 1; /* what the receives say is seen by who calls */
}

/* What both ends agreed on, as this one sees it. */
static int describe(struct connection *c, struct answer *a)
{
	struct ibv_qp_attr now;
	struct ibv_qp_init_attr ignored;

	if (ibv_query_qp(c->id->qp, &now, IBV_QP_MAX_QP_RD_ATOMIC | IBV_QP_MAX_DEST_RD_ATOMIC, &ignored)) die("ibv_query_qp");
	snprintf(a->text, sizeof a->text, "%s, queue pair %u/%u", c->beginning, now.max_rd_atomic, now.max_dest_rd_atomic);
	return answer(c, a, PLAIN, 0);
}

/* --- orders -------------------------------------------------------------------------------------------------------- */

static int obey(struct connection *c, const struct order *o)
{
	struct answer a = { 0 };

	switch (o->kind) {
	case USE: return use(c, o, &a);
	case EXPOSE: return expose(c, o, &a);
	case COMPARE:
		a.differences = htonl(compare(c, o));
		return answer(c, &a, o->kind_of_send, o->stag);
	case TAKE: return take(c, o, &a);
	case GIVE: return give(c, o, &a);
	case END: return end(c, o);
	case DESCRIBE: return describe(c, &a);
	case WITHHOLD:
		c->withholding = 1;
		return answer(c, &a, PLAIN, 0);
	case MIX:
		a.differences = htonl(mix(c, o));
		return a.differences != htonl(UINT32_MAX) && answer(c, &a, PLAIN, 0);
	}
	tell("order", "unknown");
	return 0;
}

/* Every receive begins at another alignment. */
uint8_t *place_of(struct connection *c, uint64_t slot)
{
	return c->messages + slot * (c->octets + 2 * GUARD) + slot % 4;
}

void receive(struct connection *c, uint64_t slot)
{
	if (c->withholding) return;
	memset(place_of(c, slot), UNTOUCHED, c->octets + GUARD);
	if (rdma_post_recv(c->id, (void *)(uintptr_t)slot, place_of(c, slot), c->octets, c->message_mr)) die("rdma_post_recv");
}

static struct ibv_mr *own_memory(struct connection *c, uint8_t **octets, uint32_t length)
{
	*octets = memory(length);
	return registered(c->id->pd, *octets, length, IBV_ACCESS_LOCAL_WRITE);
}

static void open_connection(struct connection *c, struct rdma_cm_id *id, const struct options *options)
{
	memset(c, 0, sizeof *c);
	c->id = id;
	c->octets = options->octets;
	c->receives = options->receives;
	c->foreign = ibv_alloc_pd(id->verbs);
	if (!c->foreign) die("ibv_alloc_pd");
	c->source_mr = own_memory(c, &c->source, MOST_OCTETS);
	c->sink_mr = own_memory(c, &c->sink, MOST_OCTETS);
	c->message_mr = own_memory(c, &c->messages, c->receives * (c->octets + 2 * GUARD));
	c->answer_mr = own_memory(c, &c->answer, sizeof(struct answer));
	c->exposed = memory(MOST_OCTETS);
	for (uint32_t slot = 0; slot < c->receives; slot++) receive(c, slot);
}

static void read_order(struct order *o, const uint8_t *wire)
{
	memcpy(o, wire, sizeof *o);
	o->address = be64toh(o->address);
	for (uint32_t *word = &o->kind; word <= &o->way; word++) *word = ntohl(*word);
}

/* Obeys until the connection ends; its end shows as a receive that failed. */
static void serve(struct connection *c)
{
	struct order o;
	struct ibv_wc wc;

	while (complete_receive(c, &wc)) {
		read_order(&o, place_of(c, wc.wr_id));
		receive(c, wc.wr_id);
		printf("order %u\n", o.kind);
		if (wc.byte_len != sizeof o) tell("order", "has the wrong length");
		else obey(c, &o);
	}
}

static void close_connection(struct connection *c)
{
	cut_short_after(HANDSHAKE_SECONDS);
	/* It waits for the event, which comes once. */
	if (!c->disconnected) rdma_disconnect(c->id);
	if (c->exposed_mr) ibv_dereg_mr(c->exposed_mr);
	for (int i = 0; i < VICTIMS && c->victim_mr[i]; i++) ibv_dereg_mr(c->victim_mr[i]);
	ibv_dereg_mr(c->source_mr);
	ibv_dereg_mr(c->sink_mr);
	ibv_dereg_mr(c->message_mr);
	ibv_dereg_mr(c->answer_mr);
	ibv_dealloc_pd(c->foreign);
	rdma_destroy_ep(c->id);
	cut_short_after(0);
}

/* Says what an event told of the other end's wishes. */
static void describe_event(struct connection *c, const char *what)
{
	const struct rdma_conn_param *told = c->id->event ? &c->id->event->param.conn : NULL;
	size_t used = strlen(c->beginning);

	if (!told) return;
	snprintf(c->beginning + used, sizeof c->beginning - used, "%s%s ird %u ord %u private %u", used ? ", " : "", what,
		 told->responder_resources, told->initiator_depth, told->private_data_len);
	used = strlen(c->beginning);
	if (told->private_data && differences(told->private_data, told->private_data_len, PRIVATE_SEED))
		snprintf(c->beginning + used, sizeof c->beginning - used, " (others than were sent)");
}

static void read_options(struct options *options, char **argv)
{
	static const char *names[] = { "receives", "octets", "ird", "ord", "private", "reject", "greet" };
	uint32_t *values[] = { &options->receives, &options->octets, &options->ird, &options->ord, &options->private_octets,
			       &options->reject_octets, &options->greeting };

	for (; *argv; argv++) {
		size_t name = 0, length = strcspn(*argv, "=");

		while (name < sizeof names / sizeof *names && (strncmp(*argv, names[name], length) || names[name][length])) name++;
		if (name == sizeof names / sizeof *names || !(*argv)[length]) {
			fprintf(stderr, "order-peer: %s is no option\n", *argv);
			exit(2);
		}
		*values[name] = strtoul(*argv + length + 1, NULL, 10);
		options->rejecting |= values[name] == &options->reject_octets;
	}
}

int main(int argc, char **argv)
{
	struct options options = { .receives = 4, .octets = 256, .ird = 16, .ord = 16 };
	uint8_t private[256];
	struct rdma_conn_param parameters = { .private_data = private };
	struct answer greeting = { 0 };
	struct rdma_cm_id *id;
	struct connection c;
	struct end end;

	(void)argc;
	options.greeting = argv[1] && !strcmp(argv[1], "connect");
	read_options(&options, open_end(&end, argv, USAGE, SENDS, MOST_RECEIVES));
	fill(private, sizeof private, PRIVATE_SEED);
	parameters.responder_resources = options.ird;
	parameters.initiator_depth = options.ord;
	parameters.private_data_len = options.private_octets;
	id = next_connection(&end, CONNECT_SECONDS);
	if (!id) return 1;
	open_connection(&c, id, &options);
	if (end.listener) describe_event(&c, "request");
	if (options.rejecting) {
		puts(c.beginning);
		tell("reject", rdma_reject(id, private, options.reject_octets) ? strerror(errno) : "done");
		c.disconnected = 1;
	} else if (!established(&end, id, &parameters)) {
		describe_event(&c, id->event ? rdma_event_str(id->event->event) + strlen("RDMA_CM_EVENT_") : "");
		puts(c.beginning);
		c.disconnected = 1;
	} else {
		describe_event(&c, "established");
		puts(c.beginning);
		if (!options.greeting || answer(&c, &greeting, PLAIN, 0)) serve(&c);
	}
	close_connection(&c);
	return 0;
}
