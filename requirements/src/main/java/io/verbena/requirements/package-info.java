/**
 * The catalogue of requirements, and the record of the tests that ran.
 *
 * <p>{@link io.verbena.requirements.RequirementCatalogue} holds the rows of the comma-separated files at the top of this
 * module, {@link io.verbena.requirements.RequirementExceptions} the reasons why some of them have no test.
 * {@link io.verbena.requirements.EvidenceListener} is found by JUnit's launcher and writes what became of each test into
 * {@link io.verbena.requirements.EvidenceFolder}. The module {@code compliance} joins the three into
 * {@code docs/compliance.md}. Called by tests and the build only; no threads of its own. Start reading at
 * {@link io.verbena.requirements.EvidenceListener}.
 */
package io.verbena.requirements;
