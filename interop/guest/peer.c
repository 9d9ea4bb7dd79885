/* See peer.h. */
#include "peer.h"
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void die(const char *what) { perror(what); exit(1); }

void *memory(size_t octets)
{
	void *memory;

	if (posix_memalign(&memory, 4096, octets)) die("posix_memalign");
	memset(memory, 0, octets);
	return memory;
}

struct ibv_mr *registered(struct ibv_pd *pd, void *octets, size_t length, int access)
{
	struct ibv_mr *mr = ibv_reg_mr(pd, octets, length, access);

	if (!mr) die("ibv_reg_mr");
	return mr;
}

static void cut_short(int signal) { (void)signal; }

void cut_short_after(unsigned seconds) { alarm(seconds); }

char **open_end(struct end *end, char **argv, const char *usage, uint32_t sends, uint32_t receives)
{
	struct sigaction action = { .sa_handler = cut_short }; /* and calls are not started again */
	struct rdma_addrinfo hints = { .ai_port_space = RDMA_PS_TCP };
	int serving = argv[1] && argv[2] && !strcmp(argv[1], "serve");

	setvbuf(stdout, NULL, _IOLBF, 0);
	sigaction(SIGALRM, &action, NULL);
	if (!serving && (!argv[1] || strcmp(argv[1], "connect") || !argv[2] || !argv[3])) {
		fprintf(stderr, "usage: %s\n", usage);
		exit(2);
	}
	memset(end, 0, sizeof *end);
	end->attributes.cap.max_send_wr = sends;
	end->attributes.cap.max_recv_wr = receives;
	end->attributes.cap.max_send_sge = end->attributes.cap.max_recv_sge = 1;
	end->attributes.qp_type = IBV_QPT_RC;
	hints.ai_flags = serving ? RAI_PASSIVE : 0;
	if (rdma_getaddrinfo(serving ? "0.0.0.0" : argv[2], argv[serving ? 2 : 3], &hints, &end->address))
		die("rdma_getaddrinfo");
	if (serving && (rdma_create_ep(&end->listener, end->address, NULL, &end->attributes) || rdma_listen(end->listener, 4)))
		die("rdma_listen");
	return argv + (serving ? 3 : 4);
}

struct rdma_cm_id *next_connection(struct end *end, unsigned seconds)
{
	struct ibv_qp_init_attr copy = end->attributes; /* the library writes to it */
	struct rdma_cm_id *id;
	int failed;

	cut_short_after(seconds);
	failed = end->listener ? rdma_get_request(end->listener, &id) : rdma_create_ep(&id, end->address, NULL, &copy);
	/* A request may fail whose sender has gone before it was looked at. */
	if (failed) perror(end->listener ? "rdma_get_request" : "rdma_create_ep");
	cut_short_after(0);
	return failed ? NULL : id;
}

int established(struct end *end, struct rdma_cm_id *id, struct rdma_conn_param *parameters)
{
	int failed;

	cut_short_after(HANDSHAKE_SECONDS);
	failed = end->listener ? rdma_accept(id, parameters) : rdma_connect(id, parameters);
	if (failed) perror(end->listener ? "rdma_accept" : "rdma_connect");
	cut_short_after(0);
	return !failed;
}

const char *event_seen(struct rdma_cm_id *id)
{
	struct pollfd channel = { .fd = id->channel->fd, .events = POLLIN };
	struct rdma_cm_event *event;
	const char *words;

	if (poll(&channel, 1, 0) != 1 || rdma_get_cm_event(id->channel, &event)) return NULL;
	words = rdma_event_str(event->event) + strlen("RDMA_CM_EVENT_");
	rdma_ack_cm_event(event);
	return words;
}
