package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.api.AnnotationsProto;
import com.google.api.HttpBody;
import com.google.api.HttpRule;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Timestamp;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.library.DescribedServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Servers that describe less than all of what they use, and types that are met on the way; all on real sockets. */
@ExtendWith(OutputCaptureExtension.class)
class PartialSchemaTest {
    private static final String ANY = ".google.protobuf.Any";
    private static final String BODY = ".google.api.HttpBody";

    private final DescribedServer server = new DescribedServer();
    private final HttpGateway gateway = new HttpGateway();

    @AfterEach
    void close() {
        gateway.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void importThatTheServerDoesNotKnow_spoilsOnlyTheMethodsThatNeedIt(boolean endsAtUnknown) {
        if (endsAtUnknown) {
            server.endAtUnknown();
        }
        serve(
                file("shop.proto", "rules.proto", "needed.proto")
                        .addMessageType(message("Q", field("x", 1, Type.TYPE_STRING, "")))
                        .addMessageType(message("A", field("n", 1, Type.TYPE_MESSAGE, ".needed.N")))
                        .addService(service(
                                method("Plain", ".shop.Q", ".shop.Q", null),
                                method("Needy", ".shop.Q", ".shop.A", null),
                                method(
                                        "Mapped",
                                        ".shop.A",
                                        ".shop.Q",
                                        HttpRule.newBuilder()
                                                .setPost("/mapped")
                                                .setBody("*")
                                                .build()))),
                "Plain",
                "Needy");

        assertThat(gateway.post("/shop.S/Plain", "{\"x\":\"1\"}").body()).isEqualTo("{\"x\":\"1\"}");
        for (String path : List.of("/shop.S/Needy", "/mapped")) {
            HttpResponse<String> needy = gateway.post(path, "{}");
            assertThat(needy.statusCode()).isEqualTo(501);
            assertThat(message(needy))
                    .contains("needs rules.proto, needed.proto, which the server's reflection does not know");
        }
        assertThat(gateway.send(gateway.request("/shop.S/Needy")
                                .header("Content-Type", "application/proto")
                                .POST(BodyPublishers.noBody()))
                        .statusCode())
                .as("serialized messages")
                .isEqualTo(200);
        assertThat(server.asked()).contains("needed.proto", "needed.N");
    }

    @Test
    void importThatIsKnownBySymbolOnly_isFoundByThat() {
        server.describeOnlyBySymbol(
                file("other/name.proto")
                        .setPackage("needed")
                        .addMessageType(message("N", field("y", 1, Type.TYPE_STRING, "")))
                        .build(),
                "needed.N");
        serve(
                file("shop.proto", "needed.proto")
                        .addMessageType(message("A", field("n", 1, Type.TYPE_MESSAGE, ".needed.N")))
                        .addService(service(method("Do", ".shop.A", ".shop.A", null))),
                "Do");

        assertThat(gateway.post("/shop.S/Do", "{\"n\":{\"y\":\"1\"}}").body()).isEqualTo("{\"n\":{\"y\":\"1\"}}");
    }

    @Test
    void commonFileThatTheServerDoesNotKnow_isKnownHere() {
        serve(
                file("shop.proto", "google/rpc/status.proto")
                        .addMessageType(message("A", field("s", 1, Type.TYPE_MESSAGE, ".google.rpc.Status")))
                        .addService(service(method("Do", ".shop.A", ".shop.A", null))),
                "Do");

        assertThat(gateway.post("/shop.S/Do", "{\"s\":{\"code\":5}}").body()).isEqualTo("{\"s\":{\"code\":5}}");
    }

    @Test
    void typeOfAnAny_isLookedUpWhenItIsMet_eitherWay() {
        server.describe(
                file("orders.proto", "order/line.proto")
                        .setPackage("orders")
                        .addMessageType(message("Created", field("line", 1, Type.TYPE_MESSAGE, ".orders.Line")))
                        .build(),
                "orders.Created");
        server.describe(file("order/line.proto")
                .setPackage("orders")
                .addMessageType(message("Line", field("id", 1, Type.TYPE_STRING, "")))
                .build());
        serve(event(), "Do", "Give");
        String event = "{\"payload\":{\"@type\":\"type.googleapis.com/orders.Created\",\"line\":{\"id\":\"7\"}}}";

        assertThat(server.asked()).doesNotContain("orders.Created");
        assertThat(gateway.post("/shop.S/Do", event).body()).isEqualTo(event);
        assertThat(gateway.post("/shop.S/Do", event).body()).isEqualTo(event);
        assertThat(server.asked()).containsOnlyOnce("orders.Created");
    }

    @Test
    void typeOfAnAnyInAResponse_isLookedUpToo() {
        server.describe(
                file("orders.proto")
                        .setPackage("orders")
                        .addMessageType(message("Created", field("id", 1, Type.TYPE_STRING, "")))
                        .build(),
                "orders.Created");
        server.answer(
                "shop.S/Give",
                request -> event(Any.newBuilder()
                        .setTypeUrl("x/orders.Created")
                        .setValue(ByteString.copyFrom(new byte[] {10, 1, '7'}))
                        .build()));
        serve(event(), "Do");

        assertThat(gateway.post("/shop.S/Give", "{}").body())
                .isEqualTo("{\"payload\":{\"@type\":\"x/orders.Created\",\"id\":\"7\"}}");
    }

    @Test
    void unknownType_isLookedUpOnce_andIsTheMistakeOfItsSender(CapturedOutput output) {
        server.answer(
                "shop.S/Give",
                request -> event(Any.newBuilder().setTypeUrl("x/no.Such").build()));
        serve(event(), "Do");

        for (int i = 0; i < 2; i++) {
            HttpResponse<String> given = gateway.post("/shop.S/Do", "{\"payload\":{\"@type\":\"x/no.Such\"}}");
            assertThat(given.statusCode()).isEqualTo(400);
            assertThat(message(given)).startsWith("field payload: {\"@type\":\"x/no.Such\"}");
            HttpResponse<String> got = gateway.post("/shop.S/Give", "{}");
            assertThat(got.statusCode()).isEqualTo(500);
            assertThat(JsonParser.parseString(got.body())
                            .getAsJsonObject()
                            .get("code")
                            .getAsString())
                    .isEqualTo("internal");
            assertThat(message(got))
                    .isEqualTo(
                            "the server's response cannot be given over HTTP: field payload: a google.protobuf.Any of "
                                    + "the type x/no.Such (expected: one that the server's reflection describes)");
        }
        assertThat(server.asked()).containsOnlyOnce("no.Such");
        assertThat(output).doesNotContain("\tat ", "Exception");
    }

    @Test
    void responseThatIsNoMessage_isTheServersMistake(CapturedOutput output) {
        server.answer("shop.S/Give", request -> new byte[] {10, 100});
        server.answer(
                "shop.S/Do",
                request -> event(Any.pack(Timestamp.newBuilder().setNanos(-1).build())));
        serve(event());

        HttpResponse<String> given = gateway.post("/shop.S/Give", "{}");
        assertThat(given.statusCode()).isEqualTo(500);
        assertThat(message(given))
                .startsWith("the server's response cannot be given over HTTP: its bytes are no such message: ");
        HttpResponse<String> done = gateway.post("/shop.S/Do", "{}");
        assertThat(done.statusCode()).isEqualTo(500);
        assertThat(message(done)).contains("field payload: 0 seconds and -1 nanos");
        assertThat(output).doesNotContain("\tat ", "Exception");
    }

    @Test
    void stringThatIsNotUtf8_isTheServersMistake_inTheOlderLanguageToo() {
        server.answer("shop.S/Do", request -> new byte[] {10, 1, (byte) 0xff});
        serve(file("shop.proto")
                .setSyntax("proto2")
                .addMessageType(message("A", field("x", 1, Type.TYPE_STRING, "")))
                .addService(service(method("Do", ".shop.A", ".shop.A", null))));

        HttpResponse<String> done = gateway.post("/shop.S/Do", "{}");
        assertThat(done.statusCode()).isEqualTo(500);
        assertThat(message(done)).contains("invalid UTF-8");
    }

    @Test
    void httpBody_comesOutAsItIs() {
        byte[] image = {(byte) 0x89, 'P', 0, (byte) 0xff};
        server.answer(
                "shop.S/Logo",
                request -> HttpBody.newBuilder()
                        .setContentType("image/png")
                        .setData(ByteString.copyFrom(image))
                        .build()
                        .toByteArray());
        server.answer(
                "shop.S/Odd",
                request -> HttpBody.newBuilder()
                        .setContentType("a\r\nb: c")
                        .build()
                        .toByteArray());
        serve(file("shop.proto", "google/api/httpbody.proto")
                .addMessageType(message("Q"))
                .addService(service(
                        method(
                                "Logo",
                                ".shop.Q",
                                BODY,
                                HttpRule.newBuilder().setGet("/logo").build()),
                        method(
                                "Odd",
                                ".shop.Q",
                                BODY,
                                HttpRule.newBuilder().setGet("/odd").build()))));

        HttpResponse<String> logo = gateway.get("/logo");
        assertThat(logo.statusCode()).isEqualTo(200);
        assertThat(logo.headers().firstValue("content-type")).hasValue("image/png");
        assertThat(logo.headers().firstValue("content-length")).hasValue("4");
        assertThat(gateway.post("/shop.S/Logo", "{}").body())
                .isEqualTo("{\"contentType\":\"image/png\",\"data\":\"iVAA/w==\"}");
        assertThat(gateway.get("/odd").statusCode()).isEqualTo(500);
    }

    @Test
    void httpBody_goesInAsItIs_wholeOrAsAField() throws Exception {
        server.answer("shop.S/Whole", request -> request);
        server.answer("shop.S/Put", request -> request);
        serve(file("shop.proto", "google/api/httpbody.proto")
                .addMessageType(message(
                        "Up",
                        field("id", 1, Type.TYPE_STRING, ""),
                        field("file", 2, Type.TYPE_MESSAGE, BODY),
                        field("n", 3, Type.TYPE_INT32, "")))
                .addService(service(
                        method(
                                "Whole",
                                BODY,
                                BODY,
                                HttpRule.newBuilder()
                                        .setPost("/whole")
                                        .setBody("*")
                                        .build()),
                        method(
                                "Put",
                                ".shop.Up",
                                ".shop.Up",
                                HttpRule.newBuilder()
                                        .setPut("/files/{id}")
                                        .setBody("file")
                                        .build()))));

        HttpResponse<String> whole = gateway.json("POST", "/whole", "a,b", "Content-Type", "text/csv; header=present");
        assertThat(whole.body()).isEqualTo("a,b");
        assertThat(whole.headers().firstValue("content-type")).hasValue("text/csv; header=present");
        assertThat(gateway.json("PUT", "/files/7?n=5", "{not json", "Content-Type", "application/json")
                        .body())
                .isEqualTo(
                        "{\"id\":\"7\",\"file\":{\"contentType\":\"application/json\",\"data\":\"e25vdCBqc29u\"},\"n\":5}");
        assertThat(gateway.send(gateway.request("/files/7").PUT(BodyPublishers.noBody()))
                        .body())
                .isEqualTo("{\"id\":\"7\"}");
    }

    private void serve(FileDescriptorProto.Builder file, String... echoing) {
        if (file.getPackage().isEmpty()) {
            file.setPackage("shop");
        }
        server.describe(file.build(), "shop.S");
        List.of(echoing).forEach(name -> server.answer("shop.S/" + name, UnaryOperator.identity()));
        gateway.register("shop-1", server.port(), Pool.PRIMARY, "shop.S");
        await().until(gateway.schemas()::settled);
    }

    private static FileDescriptorProto.Builder event() {
        return file("shop.proto", "google/protobuf/any.proto")
                .addMessageType(message("Event", field("payload", 1, Type.TYPE_MESSAGE, ANY)))
                .addService(service(
                        method("Do", ".shop.Event", ".shop.Event", null),
                        method("Give", ".shop.Event", ".shop.Event", null)));
    }

    /** An event with this payload, serialized. */
    private static byte[] event(Any payload) {
        byte[] bytes = payload.toByteArray();
        assertThat(bytes.length).isLessThan(128);
        return ByteString.copyFrom(new byte[] {10, (byte) bytes.length})
                .concat(ByteString.copyFrom(bytes))
                .toByteArray();
    }

    private static FileDescriptorProto.Builder file(String name, String... imports) {
        return FileDescriptorProto.newBuilder()
                .setName(name)
                .setSyntax("proto3")
                .addAllDependency(List.of(imports));
    }

    private static ServiceDescriptorProto service(MethodDescriptorProto... methods) {
        return ServiceDescriptorProto.newBuilder()
                .setName("S")
                .addAllMethod(List.of(methods))
                .build();
    }

    private static MethodDescriptorProto method(String name, String input, String output, HttpRule rule) {
        MethodDescriptorProto.Builder method = MethodDescriptorProto.newBuilder()
                .setName(name)
                .setInputType(input)
                .setOutputType(output);
        return (rule == null
                        ? method
                        : method.setOptions(MethodOptions.newBuilder().setExtension(AnnotationsProto.http, rule)))
                .build();
    }

    private static DescriptorProto message(String name, FieldDescriptorProto... fields) {
        return DescriptorProto.newBuilder()
                .setName(name)
                .addAllField(List.of(fields))
                .build();
    }

    private static FieldDescriptorProto field(String name, int number, Type type, String typeName) {
        FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(Label.LABEL_OPTIONAL);
        return (typeName.isEmpty() ? field : field.setTypeName(typeName)).build();
    }

    private static String message(HttpResponse<String> response) {
        JsonObject error = JsonParser.parseString(response.body()).getAsJsonObject();
        return error.get("message").getAsString();
    }
}
