package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.StreamObserver;
import io.middleware.core.instance.Pool;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.testsupport.Browser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page {@code /api/} in a real browser, in front of a real gRPC server. */
class ApiPageIT {
    private static Server hello;
    private static HttpGateway gateway;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Browser.program().isPresent(), Browser.MISSING);
        hello = NettyServerBuilder.forPort(0)
                .addService(new Hello())
                .addService(ProtoReflectionServiceV1.newInstance())
                .build()
                .start();
        gateway = new HttpGateway().register("hello-1", hello.getPort(), Pool.PRIMARY, HelloServiceGrpc.SERVICE_NAME);
        await().until(gateway.schemas()::settled);
        browser = new Browser();
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
            gateway.close();
            hello.shutdownNow();
        }
    }

    @Test
    void methodIsTried_andTheWorldResponds() {
        browser.open(url("/api"));

        String mapping = ".opblock-get:has([data-path='/hello'])";
        tryOut(mapping);
        browser.type(mapping + " tr[data-param-name=message] input", "Hello");
        browser.click(mapping + " .execute");
        browser.awaitText(mapping + " .live-responses-table tbody .response-col_description", "World");

        String post = ".opblock-post:has([data-path='/hello.v1.HelloService/SayHello'])";
        tryOut(post);
        browser.type(post + " textarea.body-param__text", "{\"message\": \"Hola\"}");
        browser.click(post + " .execute");
        browser.awaitText(post + " .live-responses-table tbody .response-col_description", "Mundo");

        String get = ".opblock-get:has([data-path='/hello.v1.HelloService/SayHello'])";
        tryOut(get);
        browser.type(get + " tr[data-param-name=message] textarea", "{\"message\": \"Hola\"}");
        browser.click(get + " .execute");
        browser.awaitText(get + " .live-responses-table tbody .response-col_description", "Mundo");

        browser.awaitElement(".download-url-wrapper select option[value='../openapi/hello.v1.HelloService.json']");
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests())
                .isNotEmpty()
                .allMatch(requested -> requested.startsWith(url("/"))
                        || requested.startsWith("data:")
                        || requested.startsWith("about:"));
    }

    private static void tryOut(String operation) {
        browser.click(operation + " .opblock-summary-control");
        browser.click(operation + " .try-out__btn");
    }

    private static String url(String path) {
        return "http://127.0.0.1:" + gateway.port() + path;
    }

    private static final class Hello extends HelloServiceGrpc.HelloServiceImplBase {
        @Override
        public void sayHello(HelloRequest request, StreamObserver<HelloReply> reply) {
            reply.onNext(HelloReply.newBuilder()
                    .setMessage(request.getMessage().equals("Hola") ? "Mundo" : "World")
                    .build());
            reply.onCompleted();
        }
    }
}
