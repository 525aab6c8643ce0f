package io.middleware.sabotage;

import io.grpc.ServerInterceptor;
import io.middleware.core.CallHandler;
import io.middleware.core.call.Failover;
import java.time.Duration;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.server.GlobalServerInterceptor;

/** The lies, of which {@code STACK_SABOTAGE} names one. */
@AutoConfiguration
@ConditionalOnProperty("stack.sabotage")
public final class SabotageAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(SabotageAutoConfiguration.class);
    private static final Duration TOO_LATE = Duration.ofMillis(500);

    /** Lies of gateways. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Failover.class)
    static final class OfGateways {

        /** Every call says that servers recognise a repeat, so that it is retried whatever became of it. */
        @Bean
        @ConditionalOnProperty(name = "stack.sabotage", havingValue = "retry-all")
        static BeanDefinitionRegistryPostProcessor retryAll() {
            return gate("retry-all", calls -> call -> calls.start(ChangedCall.of(call, "idempotencyKey", true)));
        }

        /** Callers are not told that their calls may have run. */
        @Bean
        @ConditionalOnProperty(name = "stack.sabotage", havingValue = "lie-unsent")
        static BeanDefinitionRegistryPostProcessor lieUnsent() {
            return gate("lie-unsent", calls -> call -> calls.start(call.withCaller(new CallerLiedTo(call.caller()))));
        }

        /** Callers are told that their calls may have run, which no server was ever sent. */
        @Bean
        @ConditionalOnProperty(name = "stack.sabotage", havingValue = "doubt-unsent")
        static BeanDefinitionRegistryPostProcessor doubtUnsent() {
            return gate("doubt-unsent", FalseAlarm::new);
        }

        /** Attempts that may have run count as never sent, so that their calls move on. */
        @Bean
        @ConditionalOnProperty(name = "stack.sabotage", havingValue = "forget-tried")
        static BeanPostProcessor forgetTried(BeanFactory beans) {
            LOG.warn("this gateway lies on purpose: forget-tried");
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof Failover ? ForgetfulTransport.failover(beans) : bean;
                }
            };
        }

        private static BeanDefinitionRegistryPostProcessor gate(String lie, UnaryOperator<CallHandler> around) {
            LOG.warn("this gateway lies on purpose: {}", lie);
            return new GatePart(around);
        }
    }

    /** Lies of servers. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass("io.middleware.core.call.Failover")
    static final class OfServers {

        /** Keys get lost on the way, while the gateway retries as if servers saw them. */
        @Bean
        @GlobalServerInterceptor
        @ConditionalOnProperty(name = "stack.sabotage", havingValue = "drop-key")
        ServerInterceptor dropKey() {
            LOG.warn("this server lies on purpose: drop-key");
            return KeyDropper.fromAll();
        }

        /** The gateway's first attempt has the key, and those that follow have not. */
        @Bean
        @GlobalServerInterceptor
        @ConditionalOnProperty(name = "stack.sabotage", havingValue = "drop-key-on-retry")
        ServerInterceptor dropKeyOnRetry() {
            LOG.warn("this server lies on purpose: drop-key-on-retry");
            return KeyDropper.fromRetries();
        }

        /** A call that is repeated gets the response to another. */
        @Bean
        @GlobalServerInterceptor
        @ConditionalOnProperty(name = "stack.sabotage", havingValue = "another-response")
        ServerInterceptor anotherResponse() {
            LOG.warn("this server lies on purpose: another-response");
            return new ResponseSwapper();
        }

        /** The server runs what no caller has sent. */
        @Bean
        @GlobalServerInterceptor
        @ConditionalOnProperty(name = "stack.sabotage", havingValue = "run-unasked")
        ServerInterceptor runUnasked() {
            LOG.warn("this server lies on purpose: run-unasked");
            return new GhostCaller();
        }

        /** Transactions say that they are committed before they are. */
        @Bean
        @ConditionalOnProperty(name = "stack.sabotage", havingValue = "answer-before-commit")
        static BeanPostProcessor answerBeforeCommit() {
            LOG.warn("this server lies on purpose: answer-before-commit");
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof DataSource database ? LateCommits.of(database, TOO_LATE) : bean;
                }
            };
        }
    }
}
