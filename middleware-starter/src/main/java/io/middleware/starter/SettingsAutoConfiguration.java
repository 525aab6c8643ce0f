package io.middleware.starter;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** How the middleware's own settings are read. */
@AutoConfiguration
final class SettingsAutoConfiguration {

    @Bean
    static UnitsRequired unitsOfMiddlewareSettings() {
        return new UnitsRequired("middleware");
    }
}
