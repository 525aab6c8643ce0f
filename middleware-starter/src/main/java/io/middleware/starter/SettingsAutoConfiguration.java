package io.middleware.starter;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Requires units in the middleware's own settings. */
@AutoConfiguration
final class SettingsAutoConfiguration {

    @Bean
    static UnitsRequired unitsOfMiddlewareSettings() {
        return new UnitsRequired("middleware");
    }
}
