package io.middleware.sabotage;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The lies of servers, told by a real one whose method gives its request back. */
class ServerLiesTest {

    private static final MethodDescriptor<String, String> ECHO = MethodDescriptor.newBuilder(new Text(), new Text())
            .setType(MethodType.UNARY)
            .setFullMethodName("a.Echo/Say")
            .build();

    private final List<String> executed = Collections.synchronizedList(new ArrayList<>());
    private @Nullable Server server;
    private @Nullable ManagedChannel channel;

    @AfterEach
    void stop() throws InterruptedException {
        if (channel != null && server != null) {
            channel.shutdownNow();
            server.shutdownNow().awaitTermination();
        }
    }

    @Test
    void keysOfAll_areDropped() throws IOException {
        Channel calls = serve(KeyDropper.fromAll());

        say(calls, "a", "idempotency-key", "k");

        assertThat(executed).containsExactly("a null null");
    }

    @Test
    void keysOfRetries_areDropped_andThoseOfFirstAttemptsAreNot() throws IOException {
        Channel calls = serve(KeyDropper.fromRetries());

        say(calls, "a", "idempotency-key", "k");
        say(calls, "a", "idempotency-key", "k", "grpc-previous-rpc-attempts", "1");

        assertThat(executed).containsExactly("a k null", "a null null");
    }

    @Test
    void repeat_getsTheResponseToAnotherCall() throws IOException {
        Channel calls = serve(new ResponseSwapper());

        assertThat(say(calls, "a")).isEqualTo("a");
        assertThat(say(calls, "b")).isEqualTo("b");
        assertThat(say(calls, "a", "replay", "yes")).isEqualTo("b");
        assertThat(say(calls, "c")).isEqualTo("c");
    }

    @Test
    void callInTen_runsASecondTime_forNobody() throws IOException {
        Channel calls = serve(new GhostCaller());

        for (int call = 0; call < 11; call++) {
            assertThat(say(calls, "a", "x-call-id", "c" + call, "idempotency-key", "k"))
                    .isEqualTo("a");
        }
        assertThat(say(calls, "a")).as("without an id").isEqualTo("a");

        assertThat(executed)
                .hasSize(14)
                .contains("a k c0", "a null c0-ghost", "a k c10", "a null c10-ghost", "a null null")
                .doesNotContain("a null c1-ghost");
    }

    private static String say(Channel calls, String text, String... headers) {
        Metadata metadata = new Metadata();
        for (int each = 0; each < headers.length; each += 2) {
            metadata.put(key(headers[each]), headers[each + 1]);
        }
        return ClientCalls.blockingUnaryCall(
                io.grpc.ClientInterceptors.intercept(calls, MetadataUtils.newAttachHeadersInterceptor(metadata)),
                ECHO,
                CallOptions.DEFAULT,
                text);
    }

    private Channel serve(ServerInterceptor liar) throws IOException {
        String name = InProcessServerBuilder.generateName();
        ServerServiceDefinition echo = ServerServiceDefinition.builder("a.Echo")
                .addMethod(ECHO, ServerCalls.asyncUnaryCall((request, replies) -> {
                    replies.onNext(request);
                    replies.onCompleted();
                }))
                .build();
        server = InProcessServerBuilder.forName(name)
                .directExecutor()
                // the last is the outermost
                .addService(ServerInterceptors.intercept(echo, new Executions(), liar))
                .build()
                .start();
        channel = InProcessChannelBuilder.forName(name).directExecutor().build();
        return channel;
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** Notes what reaches the method, as the starter's book does, and marks replays. */
    private final class Executions implements ServerInterceptor {

        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            executed.add("a " + headers.get(KeyDropper.KEY) + " " + headers.get(GhostCaller.CALL_ID));
            boolean replay = headers.containsKey(key("replay"));
            return next.startCall(
                    new io.grpc.ForwardingServerCall.SimpleForwardingServerCall<>(call) {
                        @Override
                        public void sendHeaders(Metadata response) {
                            if (replay) {
                                response.put(ResponseSwapper.REPLAYED, "true");
                            }
                            super.sendHeaders(response);
                        }
                    },
                    headers);
        }
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {

        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
    }
}
