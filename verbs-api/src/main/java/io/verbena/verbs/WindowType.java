package io.verbena.verbs;

/** Who may use a valid window (the two association rules of the RDMA verbs). */
public enum WindowType {
    /**
     * Every queue pair of the window's protection domain (libibverbs: type 1). A bound window can be bound again without an
     * invalidate; binding no octets unbinds it.
     */
    PROTECTION_DOMAIN,
    /**
     * Only the queue pair that executed the bind (RDMA verbs; libibverbs: type 2B). A bound window has to be invalidated
     * before it is bound again.
     */
    QUEUE_PAIR
}
