/*
 * What the programs of the guest have in common: where connections come from, memory, and the end of a wait.
 *
 * Waits of the library that do not come to their end are cut short by a signal, so that no connection keeps a program from
 * the next one.
 */
#ifndef PEER_H
#define PEER_H

#include <stddef.h>
#include <stdint.h>
#include <rdma/rdma_verbs.h>

enum { HANDSHAKE_SECONDS = 4, POLL_MICROSECONDS = 200 };

/* Where connections come from. */
struct end {
	struct rdma_cm_id *listener; /* NULL: this end connects */
	struct rdma_addrinfo *address;
	struct ibv_qp_init_attr attributes;
};

void die(const char *what);

/* Page-aligned and zero. */
void *memory(size_t octets);

struct ibv_mr *registered(struct ibv_pd *pd, void *octets, size_t length, int access);

/*
 * Reads "serve PORT" or "connect ADDRESS PORT" and returns the arguments that follow; ends the program with its usage if
 * they are others. Queue pairs have one piece of memory a request.
 */
char **open_end(struct end *end, char **argv, const char *usage, uint32_t sends, uint32_t receives);

/* Waits for a request, or makes a connection's beginning; NULL, said why, if there is none within so many seconds; 0: for ever. */
struct rdma_cm_id *next_connection(struct end *end, unsigned seconds);

/* Accepts or connects; 0 if that failed, said why. */
int established(struct end *end, struct rdma_cm_id *id, struct rdma_conn_param *parameters);

/* The words for an event of the connection that has come, or NULL. */
const char *event_seen(struct rdma_cm_id *id);

/* Lets waits of the library end after so many seconds; 0: no more. */
void cut_short_after(unsigned seconds);

#endif
