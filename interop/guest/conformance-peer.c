/*
 * conformance-peer: the application that docs/conformance.md asks for, on the kernel's verbs.
 *
 *   conformance-peer serve PORT             connections one after another, until killed
 *   conformance-peer connect ADDRESS PORT   the same, connecting; also when nobody listens yet, or any more
 *
 * It answers each message with an offer of its regions.
 */
#include "peer.h"
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>

enum { RECEIVES = 8, RECEIVE_OCTETS = 256, REGIONS = 5, REGION_OCTETS = 65536, SENDS = 64 };
enum { LONGEST_SECONDS = 30, TRY_AGAIN_MICROSECONDS = 50000 };

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
	const char *event;
	struct ibv_wc wc;

	while (ibv_poll_cq(c->id->recv_cq, 1, &wc) == 1)
		if (wc.status != IBV_WC_SUCCESS || receive(c, wc.wr_id) || !answer(c)) return ended("receive", &wc);
	while (ibv_poll_cq(c->id->send_cq, 1, &wc) == 1)
		if (wc.status != IBV_WC_SUCCESS) return ended("send", &wc);
	if ((event = event_seen(c->id))) {
		printf("event: %s\n", event);
		return 0;
	}
	return 1;
}

int main(int argc, char **argv)
{
	struct rdma_conn_param parameters = { .responder_resources = 16, .initiator_depth = 16 };
	struct rdma_cm_id *id;
	struct connection c;
	struct end end;
	time_t last;

	(void)argc;
	open_end(&end, argv, "conformance-peer serve PORT | conformance-peer connect ADDRESS PORT", SENDS, 2 * RECEIVES);
	for (;;) {
		id = next_connection(&end, 0);
		if (!id) {
			usleep(TRY_AGAIN_MICROSECONDS);
			continue;
		}
		open_connection(&c, id);
		if (!established(&end, id, &parameters)) {
			if (!end.listener) usleep(TRY_AGAIN_MICROSECONDS);
		} else if (end.listener || answer(&c)) {
			last = time(NULL) + LONGEST_SECONDS;
			while (goes_on(&c) && time(NULL) < last) usleep(POLL_MICROSECONDS);
		}
		cut_short_after(HANDSHAKE_SECONDS);
		close_connection(&c);
		cut_short_after(0);
	}
}
