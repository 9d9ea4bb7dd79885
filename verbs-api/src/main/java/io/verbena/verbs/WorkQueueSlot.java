package io.verbena.verbs;

/**
 * What a slot of a work queue was at one moment.
 *
 * @param number its place in the array, from 0 on: the address of the request in it
 * @param indicator whether its request is done
 * @param id the id that the application gave to its request; 0 if the slot is not busy
 * @param operation what its request asks for; null if the slot is not busy, and in a receive queue
 */
public record WorkQueueSlot(int number, SlotIndicator indicator, long id, SendOperation operation) {}
