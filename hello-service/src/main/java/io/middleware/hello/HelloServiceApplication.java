package io.middleware.hello;

import io.middleware.starter.UnitsRequired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;

// Which database there is, if any, GuestbookConfiguration says; and transactions are no aspects of methods here.
@SpringBootApplication(
        proxyBeanMethods = false,
        exclude = {DataSourceAutoConfiguration.class, TransactionAutoConfiguration.class})
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
