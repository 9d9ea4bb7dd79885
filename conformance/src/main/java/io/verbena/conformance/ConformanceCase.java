package io.verbena.conformance;

/**
 * One thing a stack has to get right.
 *
 * @param name short, lower case, words with hyphens; the first says the layer
 * @param clause the clause that it checks
 * @param sends what we send, in words
 * @param expects what has to come back, in words
 * @param script what happens
 */
public record ConformanceCase(String name, String clause, String sends, String expects, CaseScript script) {}
