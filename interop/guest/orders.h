/* What order-peer is told and answers, and what its parts share. */
#ifndef ORDERS_H
#define ORDERS_H

#include "peer.h"
#include <endian.h>
#include <errno.h>
#include <time.h>
#include <arpa/inet.h>

enum { MOST_OCTETS = 4 << 20, MOST_RECEIVES = 1024, SENDS = 256, GUARD = 64, UNTOUCHED = 0xA5, PRIVATE_SEED = 6581 };

/* Memory for mixed operations: STags, and then places. */
enum { ARENA_HEAD = 512, VICTIMS = 64, SLOTS = 16, SLOT_OCTETS = 8192 };

enum kind {
	USE = 1,  /* Writes to the named memory; Reads what lies behind, which must hold the pattern of seed + 1, count times at once */
	EXPOSE,   /* registers memory with a pattern, answers with its STag and address */
	COMPARE,  /* answers how many octets of the exposed memory are not as they should be, and restores them */
	TAKE,     /* the next message is compared */
	GIVE,     /* sends a message, then answers */
	END,      /* begins count Writes and Reads, and ends the connection; no answer */
	DESCRIBE, /* answers what both ends agreed on */
	WITHHOLD, /* posts no receive any more */
	MIX,      /* takes the initiative: see mix.c */
};

enum send_kind { PLAIN, INVALIDATING, SOLICITED_INVALIDATING, SOLICITED };

enum rights { MAY_WRITE = 1, MAY_READ = 2, FOREIGN = 4, VICTIMISED = 8, SHORT_OF_MEMORY = 16 };
/* FOREIGN: of another protection domain. VICTIMISED: it begins with STags of further memory, good for being invalidated.
   SHORT_OF_MEMORY, with USE: its own memory is shorter than what it is used for. */

enum way { DISCONNECT, BREAK, EXIT };

/* In host byte order once it was read; the address comes first so that there are no gaps. */
struct order {
	uint64_t address;
	uint32_t kind;
	uint32_t stag;
	uint32_t write_octets;
	uint32_t read_octets;
	uint32_t seed;
	uint32_t kind_of_send; /* how the message goes back */
	uint32_t offset;       /* where in our memory */
	uint32_t count;
	uint32_t rights;
	uint32_t way;
};

struct answer {
	uint32_t differences; /* octets that were not as expected */
	uint32_t stag;
	uint64_t address;
	char text[240];
};

struct connection {
	struct rdma_cm_id *id;
	struct ibv_pd *foreign;
	uint8_t *source, *sink, *exposed, *messages, *answer;
	struct ibv_mr *source_mr, *sink_mr, *exposed_mr, *message_mr, *answer_mr, *victim_mr[VICTIMS];
	uint32_t receives, octets, exposed_octets, background;
	int64_t deadline; /* of the present wait, in milliseconds */
	int ending, flushed, disconnected; /* an end was seen; a receive told of it; an event did */
	int withholding;
	char beginning[200];
};

void tell(const char *what, const char *result);
const char *words(enum ibv_wc_status status);
uint8_t pattern(uint32_t seed, uint32_t i);
void fill(uint8_t *octets, uint32_t length, uint32_t seed);
uint32_t differences(const volatile uint8_t *octets, uint32_t length, uint32_t seed);

/* Waits for a message; false if none comes any more. */
int complete_receive(struct connection *c, struct ibv_wc *wc);

/* Waits for the end of so many requests; false if one failed. */
int complete_sends(struct connection *c, const char *what, uint32_t count);

/* Posts a signaled request with one piece of memory; false, told, if that was refused. */
int post(struct connection *c, struct ibv_send_wr *wr, uint8_t *from, uint32_t length, struct ibv_mr *mr);

/* Makes a request a Send of some kind. */
void as_send(struct ibv_send_wr *wr, enum send_kind kind, uint32_t stag);

uint8_t *place_of(struct connection *c, uint64_t slot);
void receive(struct connection *c, uint64_t slot);

/* Operations of our own while the other end does the same; the octets that were wrong, UINT32_MAX if it came to no end. */
uint32_t mix(struct connection *c, const struct order *order);

#endif
