package io.middleware.starter.web;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/** For the management port, whether it is a port of its own or the application's. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
final class RequestErrorsAutoConfiguration {

    @Bean
    RequestErrors requestErrors() {
        return new RequestErrors();
    }
}
