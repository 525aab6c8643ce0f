package io.middleware.starter.executions;

import io.grpc.BindableService;
import io.middleware.starter.GrpcServices;
import io.middleware.starter.WrongSettingException;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.grpc.server.service.GrpcServiceConfigurer;
import org.springframework.grpc.server.service.GrpcServiceSpec;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The book of executions, if it is switched on. It comes after the configuration of idempotency keys, so that its
 * wrapper of methods is the inner one: in the transaction of a call with a key, and not asked for repeats.
 */
@AutoConfiguration(
        afterName = {
            "io.middleware.starter.idempotency.IdempotencyAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
        })
@ConditionalOnClass(GrpcServiceConfigurer.class)
@ConditionalOnBooleanProperty("middleware.executions.record")
@EnableConfigurationProperties(ExecutionProperties.class)
final class ExecutionsAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JdbcClient.class)
    @ConditionalOnSingleCandidate(DataSource.class)
    static final class InDatabase {

        @Bean
        ExecutionBook executionBook(DataSource database, ExecutionProperties settings) {
            return new JdbcExecutionBook(database, settings.keep());
        }

        @Bean
        ExecutionsEndpoint executionsEndpoint(ExecutionBook book) {
            return new ExecutionsEndpoint(book);
        }
    }

    @Bean
    static BeanPostProcessor recordedServices(ObjectProvider<ExecutionBook> book, Environment environment) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof GrpcServiceConfigurer services ? recorded(services) : bean;
            }

            private GrpcServiceConfigurer recorded(GrpcServiceConfigurer services) {
                return (service, server) -> {
                    ExecutionBook available = book.getIfAvailable();
                    String full = service.service()
                            .bindService()
                            .getServiceDescriptor()
                            .getName();
                    if (available == null || GrpcServices.isInfrastructure(full)) {
                        return services.configure(service, server);
                    }
                    Executions executions = new Executions(available, instance(environment), InstantSource.system());
                    BindableService recorded =
                            () -> executions.recorded(service.service().bindService());
                    return services.configure(new GrpcServiceSpec(recorded, service.serviceInfo()), server);
                };
            }
        };
    }

    private static String instance(Environment environment) {
        return environment.getProperty(
                "middleware.instance.id", environment.getProperty("spring.application.name", ""));
    }

    @Bean
    SmartInitializingSingleton executionBookCheck(ObjectProvider<ExecutionBook> book) {
        return () -> {
            if (book.getIfAvailable() == null) {
                throw new WrongSettingException(
                        "middleware.executions.record is true, but this application has no single DataSource.",
                        "Give it a database: spring-boot-starter-jdbc, a driver and spring.datasource.url.");
            }
        };
    }
}
