/*
 * memory-peer: the other end of interop/memory-with-siw. It does what messages of the connection tell it: Writes, Reads,
 * Sends with Invalidate, or exposes memory of its own, and answers each message with one.
 *
 *   memory-peer serve PORT             connections one after another, until killed
 *   memory-peer connect ADDRESS PORT   the same, connecting; tries again for a minute when nobody listens
 *
 * Whoever connects has to speak first (RFC 5044 section 7.1.2), so the second form greets with an answer nobody asked for.
 * Numbers in messages are in network byte order. Each connection is on its own; only the report outlives it.
 */
#include <endian.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <rdma/rdma_verbs.h>

enum { MOST_OCTETS = 1 << 20, MESSAGE_OCTETS = 256, RECEIVES = 4 };
enum { PATIENCE_SECONDS = 15, LOST_SECONDS = 2, POLL_MICROSECONDS = 200, TRY_AGAIN_MICROSECONDS = 100000,
       MOST_TRIES = 600 };

enum kind {
	USE = 1,     /* Writes to the named memory, Reads what lies behind, answers */
	EXPOSE = 2,  /* registers memory with a pattern, answers with its STag and address */
	COMPARE = 3, /* answers how many octets of the exposed memory differ from a pattern */
	REPORT = 4,  /* answers what was seen on the connection before */
};

struct command {
	uint32_t kind;
	uint32_t stag;
	uint64_t address;
	uint32_t write_octets; /* EXPOSE, COMPARE: octets of the exposed memory */
	uint32_t read_octets;  /* they begin where the Write ends, and must hold the pattern of seed + 1 */
	uint32_t seed;
	uint32_t invalidate; /* the answer is a Send with Invalidate of stag: 1, with Solicited Event: 2 */
};

struct answer {
	uint32_t differences; /* octets that were not as expected */
	uint32_t stag;
	uint64_t address;
	char report[MESSAGE_OCTETS - 16];
};

static char report[sizeof(((struct answer *)0)->report)];
static char report_before[sizeof report];

static void die(const char *what) { perror(what); exit(1); }

static void tell(const char *what, const char *result)
{
	size_t used = strlen(report);

	snprintf(report + used, sizeof report - used, "%s%s %s", used ? ", " : "", what, result);
	printf("%s: %s\n", what, result);
}

static const char *words(enum ibv_wc_status status)
{
	return status == IBV_WC_WR_FLUSH_ERR ? "flushed" : ibv_wc_status_str(status);
}

static uint8_t pattern(uint32_t seed, uint32_t i) { return seed * 131 + i * 7 + (i >> 8) * 13; }

static void fill(uint8_t *octets, uint32_t length, uint32_t seed)
{
	for (uint32_t i = 0; i < length; i++) octets[i] = pattern(seed, i);
}

static uint32_t differences(const volatile uint8_t *octets, uint32_t length, uint32_t seed)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < length; i++) count += octets[i] != pattern(seed, i);
	return count;
}

struct connection {
	struct rdma_cm_id *id;
	uint8_t *source, *sink, *exposed, *messages; /* messages: RECEIVES to receive, one to send */
	struct ibv_mr *source_mr, *sink_mr, *exposed_mr, *message_mr;
	time_t deadline; /* of the present wait */
	int ending, flushed, disconnected; /* an end was seen; a receive told of it; an event did */
};

static int arrived(struct ibv_cq *cq, struct ibv_wc *wc)
{
	int n = ibv_poll_cq(cq, 1, wc);

	if (n < 0) die("ibv_poll_cq");
	return n;
}

/* siw does not flush everything when a connection ends, so from its end on we wait for a little only. */
static void end_begins(struct connection *c, const char *what, const char *result)
{
	tell(what, result);
	if (!c->ending) c->deadline = time(NULL) + LOST_SECONDS;
	c->ending = 1;
}

/* Looks for the end of the connection; false when there is nothing to wait for any more. */
static int goes_on(struct connection *c, const char *what)
{
	struct pollfd channel = { .fd = c->id->channel->fd, .events = POLLIN };
	struct rdma_cm_event *event;

	if (poll(&channel, 1, 0) == 1 && !rdma_get_cm_event(c->id->channel, &event)) {
		end_begins(c, "connection event", rdma_event_str(event->event) + strlen("RDMA_CM_EVENT_"));
		c->disconnected = 1;
		rdma_ack_cm_event(event);
	}
	if (time(NULL) > c->deadline) {
		tell(what, "did not complete");
		return 0;
	}
	usleep(POLL_MICROSECONDS);
	return 1;
}

static void patience(struct connection *c)
{
	if (!c->ending) c->deadline = time(NULL) + PATIENCE_SECONDS;
}

/* Waits for a message; false if none comes any more. */
static int complete_receive(struct connection *c, struct ibv_wc *wc)
{
	patience(c);
	while (!c->flushed && !arrived(c->id->recv_cq, wc))
		if (!goes_on(c, "receive")) return 0;
	if (c->flushed) return 0;
	if (wc->status == IBV_WC_SUCCESS) return 1;
	end_begins(c, "receive", words(wc->status));
	return 0;
}

/* Waits for the end of a request; false if it failed. */
static int complete_send(struct connection *c, const char *what)
{
	struct ibv_wc wc;

	patience(c);
	while (!arrived(c->id->send_cq, &wc)) {
		/* Orders come one by one: what a receive says now is that the connection has ended. */
		if (!c->flushed && arrived(c->id->recv_cq, &wc)) {
			end_begins(c, "receive", words(wc.status));
			c->flushed = 1;
		}
		if (!goes_on(c, what)) return 0;
	}
	tell(what, words(wc.status));
	return wc.status == IBV_WC_SUCCESS;
}

static int post(struct connection *c, struct ibv_send_wr *wr, uint8_t *from, uint32_t length, struct ibv_mr *mr,
		const char *what)
{
	struct ibv_sge sge = { (uintptr_t)from, length, mr->lkey };
	struct ibv_send_wr *bad;
	int failed;

	wr->sg_list = &sge;
	wr->num_sge = 1;
	wr->send_flags |= IBV_SEND_SIGNALED;
	if ((failed = ibv_post_send(c->id->qp, wr, &bad))) { tell(what, strerror(failed)); return 0; }
	return complete_send(c, what);
}

static int answer(struct connection *c, const struct answer *a, uint32_t invalidate, uint32_t stag)
{
	struct ibv_send_wr wr = { .opcode = invalidate ? IBV_WR_SEND_WITH_INV : IBV_WR_SEND };

	if (invalidate) {
		/* siw's provider takes the STag from where that of a Write stands. */
		wr.invalidate_rkey = wr.wr.rdma.rkey = stag;
		wr.send_flags = invalidate == 2 ? IBV_SEND_SOLICITED : 0;
	}
	memcpy(c->messages + RECEIVES * MESSAGE_OCTETS, a, sizeof *a);
	return post(c, &wr, c->messages + RECEIVES * MESSAGE_OCTETS, sizeof *a, c->message_mr,
		    invalidate ? "send with invalidate" : "send");
}

static int use(struct connection *c, const struct command *order, struct answer *a)
{
	struct ibv_send_wr wr = { .opcode = IBV_WR_RDMA_WRITE };
	uint32_t write_octets = ntohl(order->write_octets), read_octets = ntohl(order->read_octets);
	uint32_t seed = ntohl(order->seed);

	wr.wr.rdma.rkey = ntohl(order->stag);
	wr.wr.rdma.remote_addr = be64toh(order->address);
	if (write_octets > MOST_OCTETS || read_octets > MOST_OCTETS) { tell("order", "too long"); return 0; }
	if (write_octets) {
		fill(c->source, write_octets, seed);
		if (!post(c, &wr, c->source, write_octets, c->source_mr, "write")) return 0;
	}
	if (read_octets) {
		memset(c->sink, 0, read_octets);
		wr.opcode = IBV_WR_RDMA_READ;
		wr.wr.rdma.remote_addr += write_octets;
		if (!post(c, &wr, c->sink, read_octets, c->sink_mr, "read")) return 0;
		a->differences = htonl(differences(c->sink, read_octets, seed + 1));
	}
	return answer(c, a, ntohl(order->invalidate), ntohl(order->stag));
}

static int expose(struct connection *c, uint32_t octets, uint32_t seed, struct answer *a)
{
	if (c->exposed_mr || octets > MOST_OCTETS) { tell("order", "not possible"); return 0; }
	fill(c->exposed, octets, seed);
	c->exposed_mr = ibv_reg_mr(c->id->pd, c->exposed, octets,
				   IBV_ACCESS_LOCAL_WRITE | IBV_ACCESS_REMOTE_WRITE | IBV_ACCESS_REMOTE_READ);
	if (!c->exposed_mr) die("ibv_reg_mr");
	a->stag = htonl(c->exposed_mr->rkey);
	a->address = htobe64((uintptr_t)c->exposed);
	return answer(c, a, 0, 0);
}

static int obey(struct connection *c, const struct command *order)
{
	struct answer a = { 0 };

	switch (ntohl(order->kind)) {
	case USE:
		return use(c, order, &a);
	case EXPOSE:
		return expose(c, ntohl(order->write_octets), ntohl(order->seed), &a);
	case COMPARE:
		a.differences = htonl(differences(c->exposed, ntohl(order->write_octets), ntohl(order->seed)));
		return answer(c, &a, 0, 0);
	case REPORT:
		memcpy(a.report, report_before, sizeof report_before);
		return answer(c, &a, 0, 0);
	}
	tell("order", "unknown");
	return 0;
}

static struct ibv_mr *memory(struct connection *c, uint8_t **octets, uint32_t length)
{
	struct ibv_mr *mr;

	if (posix_memalign((void **)octets, 4096, length)) die("posix_memalign");
	mr = ibv_reg_mr(c->id->pd, *octets, length, IBV_ACCESS_LOCAL_WRITE);
	if (!mr) die("ibv_reg_mr");
	return mr;
}

static void receive(struct connection *c, uint64_t slot)
{
	if (rdma_post_recv(c->id, (void *)(uintptr_t)slot, c->messages + slot * MESSAGE_OCTETS, MESSAGE_OCTETS,
			   c->message_mr))
		die("rdma_post_recv");
}

static void open_connection(struct connection *c, struct rdma_cm_id *id)
{
	memset(c, 0, sizeof *c);
	c->id = id;
	c->source_mr = memory(c, &c->source, MOST_OCTETS);
	c->sink_mr = memory(c, &c->sink, MOST_OCTETS);
	c->message_mr = memory(c, &c->messages, (RECEIVES + 1) * MESSAGE_OCTETS);
	if (posix_memalign((void **)&c->exposed, 4096, MOST_OCTETS)) die("posix_memalign");
	for (int slot = 0; slot < RECEIVES; slot++) receive(c, slot);
	memcpy(report_before, report, sizeof report);
	memset(report, 0, sizeof report);
}

/* Obeys until the connection ends; its end shows as a receive that failed. */
static void serve(struct connection *c)
{
	struct command order;
	struct ibv_wc wc;

	while (complete_receive(c, &wc)) {
		memcpy(&order, c->messages + wc.wr_id * MESSAGE_OCTETS, sizeof order);
		receive(c, wc.wr_id);
		/* What is told of is the last order and the end. */
		memset(report, 0, sizeof report);
		if (wc.byte_len != sizeof order) tell("order", "has the wrong length");
		else obey(c, &order);
	}
}

static void close_connection(struct connection *c)
{
	/* It waits for the event, which comes once. */
	if (!c->disconnected) rdma_disconnect(c->id);
	if (c->exposed_mr) ibv_dereg_mr(c->exposed_mr);
	ibv_dereg_mr(c->source_mr);
	ibv_dereg_mr(c->sink_mr);
	ibv_dereg_mr(c->message_mr);
	rdma_destroy_ep(c->id);
	free(c->source);
	free(c->sink);
	free(c->messages);
	free(c->exposed);
}

int main(int argc, char **argv)
{
	int serving = argc == 3 && !strcmp(argv[1], "serve");
	struct rdma_addrinfo hints = { .ai_flags = serving ? RAI_PASSIVE : 0, .ai_port_space = RDMA_PS_TCP }, *address;
	struct rdma_conn_param parameters = { .responder_resources = 16, .initiator_depth = 16 };
	struct ibv_qp_init_attr attributes = {
		.cap = { .max_send_wr = 8, .max_recv_wr = 2 * RECEIVES, .max_send_sge = 1, .max_recv_sge = 1 },
		.qp_type = IBV_QPT_RC,
	};
	struct rdma_cm_id *listener = NULL, *id;
	struct connection c;
	struct answer greeting = { 0 };
	int tries = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!serving && (argc != 4 || strcmp(argv[1], "connect"))) {
		fputs("usage: memory-peer serve PORT | memory-peer connect ADDRESS PORT\n", stderr);
		return 2;
	}
	if (rdma_getaddrinfo(serving ? "0.0.0.0" : argv[2], argv[argc - 1], &hints, &address)) die("rdma_getaddrinfo");
	if (serving && (rdma_create_ep(&listener, address, NULL, &attributes) || rdma_listen(listener, 4)))
		die("rdma_listen");
	for (;;) {
		struct ibv_qp_init_attr copy = attributes; /* the library writes to it */

		if (serving ? rdma_get_request(listener, &id) : rdma_create_ep(&id, address, NULL, &copy))
			die(serving ? "rdma_get_request" : "rdma_create_ep");
		open_connection(&c, id);
		if (serving ? rdma_accept(id, &parameters) : rdma_connect(id, &parameters)) {
			if (++tries > MOST_TRIES) die(serving ? "rdma_accept" : "rdma_connect");
			/* Nobody was there to see anything. */
			memcpy(report, report_before, sizeof report);
			usleep(TRY_AGAIN_MICROSECONDS);
		} else {
			tries = 0;
			puts("connected");
			if (serving || answer(&c, &greeting, 0, 0)) serve(&c);
		}
		close_connection(&c);
	}
}
