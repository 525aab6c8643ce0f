package io.middleware.systemtests;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class the stack, all of it running. It stays up for the next class, and is ended after the last. Where
 * the way under test cannot be had, which only containers cannot, the class is left out.
 */
final class RunningStack implements ExecutionCondition, BeforeAllCallback, ParameterResolver {

    private static final String MISSING = Stack.MODE.missing();

    static {
        System.out.println("The chain under test: " + (MISSING.isEmpty() ? Stack.MODE : "none, as " + MISSING));
    }

    private record Ending(Stack stack) implements AutoCloseable {
        @Override
        public void close() {
            stack.runs("down");
        }
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return MISSING.isEmpty()
                ? ConditionEvaluationResult.enabled("it can be run")
                : ConditionEvaluationResult.disabled(MISSING);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Stack stack = new Stack();
        context.getRoot().getStore(Namespace.GLOBAL).computeIfAbsent(Ending.class, key -> new Ending(stack));
        stack.up();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Stack.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return new Stack();
    }
}
