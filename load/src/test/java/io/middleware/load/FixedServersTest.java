package io.middleware.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.hello.v1.HelloServiceGrpc.HelloServiceImplBase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FixedServersTest {

    private final List<Server> servers = new ArrayList<>();
    private Connection connection;
    private Target target;

    @BeforeEach
    void startServers() throws IOException {
        List<FixedServers.Server> list = new ArrayList<>();
        for (String name : List.of("good", "failing")) {
            Server server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                    .addService(new Hello(name))
                    .build()
                    .start();
            servers.add(server);
            list.add(FixedServers.Server.parse(name + "=127.0.0.1:" + server.getPort()));
        }
        connection = new FixedServers(list).connect();
        target = new GrpcTarget<HelloRequest, HelloReply>(
                connection.channel(),
                HelloServiceGrpc.getSayHelloMethod(),
                HelloRequest.getDefaultInstance(),
                reply -> reply.getMessage().equals("World"),
                TimeUnit.SECONDS.toNanos(15),
                Executors.newVirtualThreadPerTaskExecutor(),
                connection.end(),
                PriorityShare.ALL);
    }

    @AfterEach
    void stop() {
        target.close();
        servers.forEach(Server::shutdownNow);
    }

    @Test
    void callsGoInTurn_andTheErrorOfAServerIsTheCallers() {
        // the first connection that is ready gets all calls until the other one is
        Set<String> seen = new HashSet<>();
        for (int call = 0; call < 2_000 && seen.size() < 2; call++) {
            seen.add(outcome(call()));
        }

        Map<String, Integer> times = new HashMap<>();
        for (int call = 0; call < 20; call++) {
            times.merge(outcome(call()), 1, Integer::sum);
        }
        assertThat(times).containsOnly(Map.entry("good", 10), Map.entry("failed", 10));
    }

    @Test
    void serverThatEnds_isNotCalledAnyMore() {
        while (!outcome(call()).equals("failed")) {
            // both are connected then
        }
        servers.getLast().shutdownNow();
        for (int call = 0; call < 2_000 && !servers.getLast().isTerminated(); call++) {
            call();
        }

        assertThat(List.of(outcome(call()), outcome(call()), outcome(call()))).containsOnly("good");
    }

    @Test
    void otherForms_areRefused() {
        for (String wrong : List.of("", "a", "a=", "a=b", "=b:1", "a=:1", "a=b:x")) {
            assertThatIllegalArgumentException().as(wrong).isThrownBy(() -> FixedServers.Server.parse(wrong));
        }
    }

    private Reply call() {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        target.call("id", reply::complete);
        return reply.join();
    }

    private static String outcome(Reply reply) {
        return reply.ok() ? reply.instance() : "failed";
    }

    private static final class Hello extends HelloServiceImplBase {

        private final String name;

        Hello(String name) {
            this.name = name;
        }

        @Override
        public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
            if (name.equals("failing")) {
                replies.onError(Status.UNAVAILABLE.asRuntimeException());
                return;
            }
            replies.onNext(HelloReply.newBuilder().setMessage("World").build());
            replies.onCompleted();
        }
    }
}
