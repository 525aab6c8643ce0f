package io.middleware.systemtests;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test class the stack, all of it running. It stays up for the next class, and is ended after the last. */
final class RunningStack implements BeforeAllCallback, ParameterResolver {

    private record Ending(Stack stack) implements AutoCloseable {
        @Override
        public void close() {
            stack.runs("down");
        }
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
