/*
 * conformance-peer: the application that docs/conformance.md asks for, on the kernel's verbs.
 *
 *   conformance-peer serve PORT             connections one after another, until killed
 *   conformance-peer connect ADDRESS PORT   the same, connecting; also when nobody listens yet, or any more
 *
 * It answers each message with an offer of its regions. Waits of the library that do not come to their end are cut short by a
 * signal, so that no connection keeps it from the next one.
 */
#include <endian.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <rdma/rdma_verbs.h>

enum { RECEIVES = 8, RECEIVE_OCTETS = 256, REGIONS = 5, REGION_OCTETS = 65536, SENDS = 64 };
enum { HANDSHAKE_SECONDS = 4, LONGEST_SECONDS = 30, POLL_MICROSECONDS = 200, TRY_AGAIN_MICROSECONDS = 50000 };

/* In the order of the contract; siw has no atomics. The last one is in another protection domain. */
static const int rights[REGIONS] = {
	IBV_ACCESS_LOCAL_WRITE | IBV_ACCESS_REMOTE_READ | IBV_ACCESS_REMOTE_WRITE,
	IBV_ACCESS_REMOTE_READ,
	IBV_ACCESS_LOCAL_WRITE | IBV_ACCESS_REMOTE_WRITE,
	IBV_ACCESS_LOCAL_WRITE,
	IBV_ACCESS_LOCAL_WRITE | IBV_ACCESS_REMOTE_READ | IBV_ACCESS_REMOTE_WRITE,
};

struct offer {
	uint64_t address;
	uint32_t stag, length;
};

struct connection {
	struct rdma_cm_id *id;
	struct ibv_pd *foreign;
	struct ibv_mr *region[REGIONS], *inbox_mr, *offer_mr;
	uint8_t *octets[REGIONS], *inbox;
	struct offer *offer;
};

static void die(const char *what) { perror(what); exit(1); }

static void *memory(size_t octets)
{
	void *memory;

	if (posix_memalign(&memory, 4096, octets)) die("posix_memalign");
	memset(memory, 0, octets);
	return memory;
}

static struct ibv_mr *registered(struct ibv_pd *pd, void *octets, size_t length, int access)
{
	struct ibv_mr *mr = ibv_reg_mr(pd, octets, length, access);

	if (!mr) die("ibv_reg_mr");
	return mr;
}

static int receive(struct connection *c, uint64_t slot)
{
	return rdma_post_recv(c->id, (void *)(uintptr_t)slot, c->inbox + slot * RECEIVE_OCTETS, RECEIVE_OCTETS, c->inbox_mr);
}

static void open_connection(struct connection *c, struct rdma_cm_id *id)
{
	memset(c, 0, sizeof *c);
	c->id = id;
	c->foreign = ibv_alloc_pd(id->verbs);
	if (!c->foreign) die("ibv_alloc_pd");
	c->inbox = memory(RECEIVES * RECEIVE_OCTETS);
	c->inbox_mr = registered(id->pd, c->inbox, RECEIVES * RECEIVE_OCTETS, IBV_ACCESS_LOCAL_WRITE);
	c->offer = memory(REGIONS * sizeof *c->offer);
	c->offer_mr = registered(id->pd, c->offer, REGIONS * sizeof *c->offer, IBV_ACCESS_LOCAL_WRITE);
	for (int i = 0; i < REGIONS; i++) {
		c->octets[i] = memory(REGION_OCTETS);
		c->region[i] = registered(i == REGIONS - 1 ? c->foreign : id->pd, c->octets[i], REGION_OCTETS, rights[i]);
		c->offer[i] = (struct offer){ htobe64((uintptr_t)c->octets[i]), htonl(c->region[i]->rkey), htonl(REGION_OCTETS) };
	}
	for (int slot = 0; slot < RECEIVES; slot++)
		if (receive(c, slot)) die("rdma_post_recv");
}

static void close_connection(struct connection *c)
{
	for (int i = 0; i < REGIONS; i++) {
		ibv_dereg_mr(c->region[i]);
		free(c->octets[i]);
	}
	ibv_dereg_mr(c->offer_mr);
	ibv_dereg_mr(c->inbox_mr);
	ibv_dealloc_pd(c->foreign);
	rdma_destroy_ep(c->id);
	free(c->offer);
	free(c->inbox);
}

static int answer(struct connection *c)
{
	return !rdma_post_send(c->id, NULL, c->offer, REGIONS * sizeof *c->offer, c->offer_mr, IBV_SEND_SIGNALED);
}

static int ended(const char *what, const struct ibv_wc *wc)
{
	printf("%s: %s\n", what, ibv_wc_status_str(wc->status));
	return 0;
}

/* True while the connection lives; takes what has arrived. */
static int goes_on(struct connection *c)
{
	struct pollfd channel = { .fd = c->id->channel->fd, .events = POLLIN };
	struct rdma_cm_event *event;
	struct ibv_wc wc;

	while (ibv_poll_cq(c->id->recv_cq, 1, &wc) == 1)
		if (wc.status != IBV_WC_SUCCESS || receive(c, wc.wr_id) || !answer(c)) return ended("receive", &wc);
	while (ibv_poll_cq(c->id->send_cq, 1, &wc) == 1)
		if (wc.status != IBV_WC_SUCCESS) return ended("send", &wc);
	if (poll(&channel, 1, 0) == 1 && !rdma_get_cm_event(c->id->channel, &event)) {
		printf("event: %s\n", rdma_event_str(event->event));
		rdma_ack_cm_event(event);
		return 0;
	}
	return 1;
}

static void cut_short(int signal) { (void)signal; }

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = cut_short }; /* and calls are not started again */
	int serving = argc == 3 && !strcmp(argv[1], "serve");
	struct rdma_addrinfo hints = { .ai_flags = serving ? RAI_PASSIVE : 0, .ai_port_space = RDMA_PS_TCP }, *address;
	struct rdma_conn_param parameters = { .responder_resources = 16, .initiator_depth = 16 };
	struct ibv_qp_init_attr attributes = {
		.cap = { .max_send_wr = SENDS, .max_recv_wr = 2 * RECEIVES, .max_send_sge = 1, .max_recv_sge = 1 },
		.qp_type = IBV_QPT_RC,
	};
	struct rdma_cm_id *listener = NULL, *id;
	struct connection c;
	time_t end;
	int failed;

	setvbuf(stdout, NULL, _IOLBF, 0);
	sigaction(SIGALRM, &action, NULL);
	if (!serving && (argc != 4 || strcmp(argv[1], "connect"))) {
		fputs("usage: conformance-peer serve PORT | conformance-peer connect ADDRESS PORT\n", stderr);
		return 2;
	}
	if (rdma_getaddrinfo(serving ? "0.0.0.0" : argv[2], argv[argc - 1], &hints, &address)) die("rdma_getaddrinfo");
	if (serving && (rdma_create_ep(&listener, address, NULL, &attributes) || rdma_listen(listener, 4)))
		die("rdma_listen");
	for (;;) {
		struct ibv_qp_init_attr copy = attributes; /* the library writes to it */

		if (serving ? rdma_get_request(listener, &id) : rdma_create_ep(&id, address, NULL, &copy)) {
			/* A Request whose sender has gone before it was looked at. */
			perror(serving ? "rdma_get_request" : "rdma_create_ep");
			usleep(TRY_AGAIN_MICROSECONDS);
			continue;
		}
		open_connection(&c, id);
		alarm(HANDSHAKE_SECONDS);
		failed = serving ? rdma_accept(id, &parameters) : rdma_connect(id, &parameters);
		alarm(0);
		if (failed) {
			perror(serving ? "rdma_accept" : "rdma_connect");
			if (!serving) usleep(TRY_AGAIN_MICROSECONDS);
		} else if (serving || answer(&c)) {
			end = time(NULL) + LONGEST_SECONDS;
			while (goes_on(&c) && time(NULL) < end) usleep(POLL_MICROSECONDS);
		}
		alarm(HANDSHAKE_SECONDS);
		close_connection(&c);
		alarm(0);
	}
}
