package io.middleware.sabotage;

import io.middleware.core.CallHandler;
import java.lang.reflect.Proxy;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * Registers a part of the gateway's {@code CallGate}. By reflection: the gateway's jar is a program, with which nothing
 * can be compiled.
 */
final class GatePart implements BeanDefinitionRegistryPostProcessor {

    private static final String PART = "io.middleware.gateway.ingress.CallGate$Part";

    private final UnaryOperator<CallHandler> around;

    GatePart(UnaryOperator<CallHandler> around) {
        this.around = around;
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        try {
            register(registry, Class.forName(PART));
        } catch (ClassNotFoundException moved) {
            throw new IllegalStateException("the gateway has no " + PART, moved);
        }
    }

    private <T> void register(BeanDefinitionRegistry registry, Class<T> type) {
        T part = type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "around" -> around.apply((CallHandler) arguments[0]);
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    default -> "sabotage";
                }));
        registry.registerBeanDefinition("sabotage", new RootBeanDefinition(type, () -> part));
    }
}
