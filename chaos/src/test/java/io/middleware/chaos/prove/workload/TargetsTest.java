package io.middleware.chaos.prove.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.StreamObserver;
import io.middleware.chaos.stack.Stack;
import io.middleware.client.schema.ReflectedSchema;
import io.middleware.hello.v1.GuestbookGrpc.GuestbookImplBase;
import io.middleware.hello.v1.SignRequest;
import io.middleware.hello.v1.Signature;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls of real servers, without a gateway. */
class TargetsTest {

    private static final String SIGN = "hello.v1.Guestbook/Sign";
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void grpc_sendsIdAndKey_andReadsWhatTheResponseSays() throws Exception {
        Target target = grpc();

        Reply reply = target.call(request("{\"name\":\"Ada\"}", "key-1"));

        assertThat(seen).containsExactly("call-1 key-1 null", "Ada");
        assertThat(reply.code()).isEqualTo(Code.OK);
        assertThat(reply.instance()).isEqualTo("server-1");
        assertThat(reply.attempts()).isEqualTo(2);
        assertThat(reply.replayed()).isTrue();
        assertThat(reply.hash())
                .isEqualTo(
                        Reply.hash(Signature.newBuilder().setName("Ada").build().toByteArray()));
    }

    @Test
    void grpc_withoutAKey_sendsNone_andReadsErrors() throws Exception {
        Reply reply = grpc().call(request("{\"name\":\"nobody\"}", ""));

        assertThat(seen).containsExactly("call-1 null null", "nobody");
        assertThat(reply.inWords()).isEqualTo("UNAVAILABLE: not today");
        assertThat(reply.hash()).isEmpty();
    }

    @Test
    void methods_areFoundByReflection() throws Exception {
        Methods methods = methods(channel());

        assertThat(methods.marked(SIGN)).isFalse();
        assertThat(methods.marked("hello.v1.Guestbook/List")).isTrue();
        assertThatThrownBy(() -> methods.find("hello.v1.Guestbook/Burn"))
                .isInstanceOf(Stack.StackException.class)
                .hasMessageContaining("'hello.v1.Guestbook/Burn'");
        assertThatThrownBy(() -> methods.find("nonsense")).isInstanceOf(Stack.StackException.class);
        assertThatThrownBy(() -> GrpcTarget.message(methods.find(SIGN), "{\"nam\":1}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hello.v1.SignRequest");
    }

    @Test
    void http_sendsIdAndKey_andReadsWhatTheResponseSays() throws Exception {
        Target target = http(200, "{\"name\":\"Ada\"}");

        Reply reply = target.call(request("{\"name\":\"Ada\"}", "key-1"));

        assertThat(seen).containsExactly("POST /hello.v1.Guestbook/Sign call-1 key-1 null {\"name\":\"Ada\"}");
        assertThat(reply.code()).isEqualTo(Code.OK);
        assertThat(reply.gateway()).isEqualTo("gateway-1");
        assertThat(reply.hash()).isEqualTo(Reply.hash("{\"name\":\"Ada\"}"));
    }

    /** Gateways, and Nginx in front of them, cannot know what a caller sends again by itself. */
    @Test
    void bothProtocols_tellThatACallIsSentAgain() throws Exception {
        Request again = new Request(SIGN, "{}", "call-2", "key-1", Duration.ofMillis(1_250));

        grpc().call(again);
        http(200, "{}").call(again);

        assertThat(seen)
                .containsExactly("call-2 key-1 1.250", "", "POST /hello.v1.Guestbook/Sign call-2 key-1 1.250 {}");
    }

    private static Request request(String json, String key) {
        return new Request(SIGN, json, "call-1", key, null);
    }

    @Test
    void http_readsErrors_ofAnyForm() throws Exception {
        assertThat(http(503, "{\"code\":14,\"message\":\"may have run\"}")
                        .call(request("{}", ""))
                        .inWords())
                .isEqualTo("UNAVAILABLE: may have run");
        assertThat(http(409, "{\"code\":\"aborted\",\"message\":\"busy\"}")
                        .call(request("{}", ""))
                        .inWords())
                .isEqualTo("ABORTED: busy");
        assertThat(http(502, "<html>").call(request("{}", "")).inWords()).isEqualTo("UNAVAILABLE: 502 <html>");
        assertThat(http(400, "").call(request("{}", "")).code()).isEqualTo(Code.FAILED_PRECONDITION);
    }

    private Target grpc() throws IOException {
        ManagedChannel channel = channel();
        return new GrpcTarget(channel, methods(channel), DEADLINE);
    }

    private static Methods methods(ManagedChannel channel) {
        return new Methods(new ReflectedSchema(channel, DEADLINE));
    }

    private ManagedChannel channel() throws IOException {
        Server server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(new Book())
                .addService(ProtoReflectionServiceV1.newInstance())
                .intercept(new Headers())
                .build()
                .start();
        open.add(server::shutdownNow);
        ManagedChannel channel = Grpc.newChannelBuilderForAddress(
                        "127.0.0.1", server.getPort(), InsecureChannelCredentials.create())
                .build();
        open.add(channel::shutdownNow);
        return channel;
    }

    private Target http(int status, String response) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("x-call-id") + " "
                    + exchange.getRequestHeaders().getFirst("idempotency-key") + " "
                    + exchange.getRequestHeaders().getFirst("middleware-resent") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] body = response.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("middleware-gateway", "gateway-1");
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        open.add(() -> server.stop(0));
        Target target = new HttpTarget(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), DEADLINE);
        open.add(target);
        return target;
    }

    private final class Book extends GuestbookImplBase {

        @Override
        public void sign(SignRequest request, StreamObserver<Signature> replies) {
            seen.add(request.getName());
            if (request.getName().equals("nobody")) {
                replies.onError(Status.UNAVAILABLE.withDescription("not today").asRuntimeException());
            } else {
                replies.onNext(Signature.newBuilder().setName(request.getName()).build());
                replies.onCompleted();
            }
        }
    }

    private final class Headers implements ServerInterceptor {

        @Override
        public <Q, R> Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            if (call.getMethodDescriptor().getFullMethodName().equals(SIGN)) {
                seen.add(headers.get(key("x-call-id")) + " " + headers.get(key("idempotency-key")) + " "
                        + headers.get(key("middleware-resent")));
                Metadata response = new Metadata();
                response.put(key("middleware-instance"), "server-1");
                response.put(key("middleware-attempts"), "2");
                response.put(key("idempotency-replayed"), "true");
                return next.startCall(
                        new io.grpc.ForwardingServerCall.SimpleForwardingServerCall<>(call) {
                            @Override
                            public void sendHeaders(Metadata sent) {
                                sent.merge(response);
                                super.sendHeaders(sent);
                            }
                        },
                        headers);
            }
            return next.startCall(call, headers);
        }

        private static Metadata.Key<String> key(String name) {
            return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
        }
    }
}
