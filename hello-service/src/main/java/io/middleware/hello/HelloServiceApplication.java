package io.middleware.hello;

import io.middleware.starter.UnitsRequired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(HelloProperties.class)
class HelloServiceApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(HelloServiceApplication.class, arguments);
    }

    @Bean
    static UnitsRequired unitsOfHelloSettings() {
        return new UnitsRequired("hello");
    }
}
