package io.middleware.gateway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Takes calls by gRPC and HTTP, and forwards them to live instances. */
@SpringBootApplication(proxyBeanMethods = false)
public class GatewayApplication {
    public static void main(String[] arguments) {
        NettyDefaults.set();
        SpringApplication.run(GatewayApplication.class, arguments);
    }
}
