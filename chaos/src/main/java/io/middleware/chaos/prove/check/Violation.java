package io.middleware.chaos.prove.check;

import io.middleware.chaos.prove.book.Execution;
import io.middleware.chaos.prove.history.Submission;
import java.util.List;

/**
 * A rule that did not hold.
 *
 * @param submissions those of the call that it is about; none where a server executed what nobody asked for
 * @param executions  of that call
 */
public record Violation(Rule rule, List<Submission> submissions, List<Execution> executions) {}
