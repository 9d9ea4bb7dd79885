/** What happens in the stack, for whoever wants to watch: {@link io.verbena.verbs.observe.StackEvents}. */
package io.verbena.verbs.observe;
