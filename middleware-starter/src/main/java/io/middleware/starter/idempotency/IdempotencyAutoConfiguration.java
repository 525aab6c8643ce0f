package io.middleware.starter.idempotency;

import io.grpc.BindableService;
import io.middleware.starter.InstanceMetadata;
import io.middleware.starter.WrongSettingException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.grpc.server.exception.GrpcExceptionHandler;
import org.springframework.grpc.server.service.GrpcServiceConfigurer;
import org.springframework.grpc.server.service.GrpcServiceSpec;

/** Methods that honour idempotency keys, if something keeps them: an {@link EffectLedger}. */
@AutoConfiguration
@ConditionalOnClass({BindableService.class, GrpcServiceConfigurer.class})
@ConditionalOnBooleanProperty(name = "middleware.idempotency.enabled", matchIfMissing = true)
@EnableConfigurationProperties(IdempotencyProperties.class)
final class IdempotencyAutoConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(IdempotencyAutoConfiguration.class);

    @Bean
    KeyedMethods keyedMethods(ObjectProvider<BindableService> services, IdempotencyProperties settings) {
        return KeyedMethods.of(services.stream().toList(), settings.services());
    }

    @Bean
    IdempotencyMeters idempotencyMeters() {
        return new IdempotencyMeters();
    }

    @Bean
    @ConditionalOnMissingBean
    IdempotencyScope idempotencyScope() {
        return IdempotencyScope.byGateway();
    }

    /** Wraps the methods themselves, so that every interceptor has seen a call that is only a repeat. */
    @Bean
    static BeanPostProcessor keyedServices(
            ObjectProvider<EffectLedger> ledger,
            ObjectProvider<KeyedMethods> methods,
            ObjectProvider<IdempotencyScope> scope,
            ObjectProvider<IdempotencyMeters> meters,
            ObjectProvider<IdempotencyProperties> settings,
            ObjectProvider<GrpcExceptionHandler> exceptions) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof GrpcServiceConfigurer services ? keyed(services) : bean;
            }

            private GrpcServiceConfigurer keyed(GrpcServiceConfigurer services) {
                return (service, server) -> {
                    EffectLedger available = ledger.getIfAvailable();
                    if (available == null) {
                        return services.configure(service, server);
                    }
                    KeyedCalls calls = new KeyedCalls(
                            available,
                            scope.getObject(),
                            meters.getObject(),
                            settings.getObject().longestWait(),
                            exceptions.orderedStream().toList());
                    BindableService keyed = () -> calls.keyed(service.service().bindService(), methods.getObject());
                    return services.configure(new GrpcServiceSpec(keyed, service.serviceInfo()), server);
                };
            }
        };
    }

    @Bean
    SmartInitializingSingleton keyedMethodsCheck(
            KeyedMethods methods, ObjectProvider<EffectLedger> ledger, IdempotencyProperties settings) {
        return () -> {
            List<String> unknown = settings.services().stream()
                    .filter(name -> !methods.services().contains(name))
                    .toList();
            if (!unknown.isEmpty()) {
                throw new WrongSettingException(
                        "middleware.idempotency.services names " + String.join(", ", unknown)
                                + ", which this server does not have.",
                        "Correct it. The gRPC services of this server are: " + String.join(", ", methods.services())
                                + ".");
            }
            methods.problems().forEach(problem -> LOG.warn("no idempotency keys: {}", problem));
            if (!methods.names().isEmpty() && ledger.getIfAvailable() == null) {
                LOG.warn(
                        "no idempotency keys: {} would honour them, but this application has no single DataSource and"
                                + " transaction manager",
                        String.join(", ", methods.names()));
            }
        };
    }

    @Bean
    InstanceMetadata idempotencyMetadata(
            KeyedMethods methods, ObjectProvider<EffectLedger> ledger, Environment environment) {
        EffectLedger available = ledger.getIfAvailable();
        boolean wanted = environment.getProperty("middleware.instance.idempotency-keys", Boolean.class, true);
        return available == null || !wanted ? Map::of : new IdempotencyMetadata(methods, available);
    }
}
