package io.middleware.bench;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.context.annotation.Bean;
import reactor.netty.http.HttpProtocol;

/** Spring Cloud Gateway before the three servers; its route is in {@code application.yaml}. */
@SpringBootApplication
public class SpringCloudGateway {

    public static void main(String[] args) {
        SpringApplication.run(SpringCloudGateway.class, args);
    }

    /** Without it the servers would be asked by HTTP/1.1, which gRPC is not. */
    @Bean
    HttpClientCustomizer http2() {
        return client -> client.protocol(HttpProtocol.H2C);
    }
}
