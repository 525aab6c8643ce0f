package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.RawHttp2Peer;
import io.middleware.gateway.RawHttp2Server;
import io.middleware.gateway.library.OddReflection;
import io.middleware.gateway.library.OddReflection.Manner;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers whose reflection is slow, or keeps to the protocol in a manner of its own; all on real sockets. */
@Tag("slow")
class OddReflectionTest {
    private final Map<String, FileDescriptorProto> byName = new HashMap<>();
    private final Map<String, FileDescriptorProto> bySymbol = new HashMap<>();
    private final HttpGateway gateway = new HttpGateway();
    private OddReflection server;

    @AfterEach
    void close() {
        gateway.close();
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ABSENT", "UNKNOWN", "INTERNAL", "PERMISSION_DENIED", "ABSENT_BY_MESSAGE"})
    void newerReflectionThatFails_leavesTheOlderOne(Manner v1) {
        serve(v1, Manner.FINE, 0);

        assertTranslates();
    }

    @ParameterizedTest
    @EnumSource(names = {"FINE", "ENDS_AFTER_EACH", "AFTER_HALF_CLOSE", "ONE_A_STREAM"})
    void severalFiles_comeHoweverTheStreamsEnd(Manner v1) {
        serve(v1, Manner.ABSENT, 0);

        assertTranslates();
    }

    @Test
    void typesThatNoFileImports_areAllLookedUp_inARequestAndInItsResponse() {
        for (int i = 0; i < 40; i++) {
            describe("Extra" + i);
        }
        serve(Manner.FINE, Manner.ABSENT, 0);

        String body = anys(0, 40);
        HttpResponse<String> response = gateway.post("/odd.S/Do", body);
        assertThat(response.body()).isEqualTo(body);
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void moreTypesThanAMessageMayHave_areRefusedWithTheNumber() {
        for (int i = 0; i < 110; i++) {
            describe("Extra" + i);
        }
        serve(Manner.FINE, Manner.ABSENT, 0);

        HttpResponse<String> response = gateway.post("/odd.S/Do", anys(0, 110));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("expected: at most 100 types in a message");
    }

    @Test
    void moreLookupsAtATimeThanReflectionIsAskedFor_wait() {
        for (int i = 0; i < 50; i++) {
            describe("Extra" + i);
        }
        serve(Manner.FINE, Manner.ABSENT, 100);

        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            calls.add(gateway.sendAsync(gateway.json("/odd.S/Do", anys(i, i + 1))));
        }
        assertThat(calls)
                .allSatisfy(call -> assertThat(call.join().statusCode()).isEqualTo(200));
    }

    @Test
    void lookupThatTakesLong_isWaitedFor_butNotBeyondTheDeadline() {
        describe("Extra0");
        serve(Manner.FINE, Manner.ABSENT, 1500);

        HttpResponse<String> late = gateway.post("/odd.S/Do", anys(0, 1), "Connect-Timeout-Ms", "200");
        assertThat(late.statusCode()).isEqualTo(504);
        assertThat(late.body()).contains("the type odd.Extra0 of a google.protobuf.Any could not be looked up");
        assertThat(gateway.post("/odd.S/Do", anys(0, 1)).statusCode()).isEqualTo(200);
    }

    @Test
    void typesOfOneMessage_areLookedUpTogether() {
        IntStream.range(0, 12).forEach(i -> describe("Extra" + i));
        serve(Manner.FINE, Manner.ABSENT, 1000);

        assertThat(gateway.post("/odd.S/Do", anys(0, 12)).statusCode())
                .as("within the 8 s")
                .isEqualTo(200);
    }

    @Test
    void lookupThatFails_isNotTheCallersMistake() {
        serve(Manner.FINE, Manner.ABSENT, 0);
        server.close();

        HttpResponse<String> response = gateway.post("/odd.S/Do", anys(0, 1));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body())
                .contains("unavailable", "the type odd.Extra0 of a google.protobuf.Any could not be looked up: odd-1");
    }

    @ParameterizedTest
    @EnumSource
    void newerReflectionWithResponsesOfNoGrpcServer_leavesTheOlderOne(Page page) throws Exception {
        try (RawHttp2Server raw = new RawHttp2Server((connection, stream) -> page.send(connection, stream))) {
            gateway.register("odd-1", raw.port(), Pool.PRIMARY, "odd.S");
            await().until(() -> raw.seen.stream()
                    .anyMatch(headers -> headers.path().toString().contains("v1alpha")));
        }
    }

    enum Page {
        BAD_REQUEST,
        WRONG_VERB,
        WRONG_TYPE,
        OK,
        RESET;

        private static final Map<Page, String> STATUS =
                Map.of(BAD_REQUEST, "400", WRONG_VERB, "405", WRONG_TYPE, "415", OK, "200");

        void send(RawHttp2Peer connection, int stream) {
            if (this == RESET) {
                connection.reset(stream, 2);
            } else {
                connection.headers(stream, true, ":status", STATUS.get(this), "content-type", "text/html");
            }
        }
    }

    private void serve(Manner v1, Manner v1alpha, long delayMillis) {
        FileDescriptorProto needed =
                file("needed.proto").addMessageType(message("Needed")).build();
        FileDescriptorProto more =
                file("more.proto").addMessageType(message("More")).build();
        FileDescriptorProto service = file("odd.proto")
                .addDependency("needed.proto")
                .addDependency("more.proto")
                .addDependency("google/protobuf/any.proto")
                .addMessageType(message("Q").toBuilder()
                        .addField(field("needed", 2, ".odd.Needed", Label.LABEL_OPTIONAL))
                        .addField(field("more", 3, ".odd.More", Label.LABEL_OPTIONAL))
                        .addField(field("anys", 4, ".google.protobuf.Any", Label.LABEL_REPEATED)))
                .addService(ServiceDescriptorProto.newBuilder()
                        .setName("S")
                        .addMethod(MethodDescriptorProto.newBuilder()
                                .setName("Do")
                                .setInputType(".odd.Q")
                                .setOutputType(".odd.Q")))
                .build();
        byName.put("needed.proto", needed);
        byName.put("more.proto", more);
        bySymbol.put("odd.S", service);
        server = new OddReflection(v1, v1alpha, delayMillis, byName, bySymbol);
        gateway.register("odd-1", server.port(), Pool.PRIMARY, "odd.S");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> gateway.schemas().schema().methods().containsKey("/odd.S/Do"));
    }

    private void describe(String type) {
        bySymbol.put(
                "odd." + type,
                file(type + ".proto").addMessageType(message(type)).build());
    }

    private void assertTranslates() {
        String body = "{\"needed\":{\"x\":\"1\"},\"more\":{\"x\":\"2\"}}";
        assertThat(gateway.post("/odd.S/Do", body).body()).isEqualTo(body);
    }

    private static String anys(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "{\"@type\":\"x/odd.Extra" + i + "\",\"x\":\"" + i + "\"}")
                .collect(Collectors.joining(",", "{\"anys\":[", "]}"));
    }

    private static FileDescriptorProto.Builder file(String name) {
        return FileDescriptorProto.newBuilder()
                .setName(name)
                .setSyntax("proto3")
                .setPackage("odd");
    }

    private static DescriptorProto message(String name) {
        return DescriptorProto.newBuilder()
                .setName(name)
                .addField(FieldDescriptorProto.newBuilder()
                        .setName("x")
                        .setNumber(1)
                        .setType(Type.TYPE_STRING)
                        .setLabel(Label.LABEL_OPTIONAL))
                .build();
    }

    private static FieldDescriptorProto field(String name, int number, String type, Label label) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(Type.TYPE_MESSAGE)
                .setTypeName(type)
                .setLabel(label)
                .build();
    }
}
