package io.middleware.hello;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(HelloProperties.class)
class HelloServiceApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(HelloServiceApplication.class, arguments);
    }
}
